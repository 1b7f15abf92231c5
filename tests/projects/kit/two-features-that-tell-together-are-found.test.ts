import { expect, it } from 'vitest'
import { seededRandom, tellingFeatures } from '../../../projects/kit.js'

const random = seededRandom(5)
const ROWS = 3_000
const labels = Array.from({ length: ROWS }, () => (random() < 0.3 ? 1 : 0))
/** An instant of the plan, and one of what happened: later where the label is 1. */
const planned = labels.map(() => random() * 1_000)
const happened = labels.map((label, row) => (planned[row] as number) + (label === 1 ? 3 : 0) + random())

it('a plan and what happened leak only together', () => {
  const { single, pair } = tellingFeatures({ planned, other: labels.map(() => random()), happened }, labels)
  expect(single.auc).toBeLessThan(0.6)
  expect(pair).toEqual({ name: 'planned - happened', auc: 1 })
})

it('unknown values are left out, and honest features tell little', () => {
  const gaps = planned.map((value, row) => (row % 3 === 0 ? Number.NaN : value))
  const { single, pair } = tellingFeatures({ gaps, noise: labels.map(() => random()) }, labels)
  expect(single.auc).toBeLessThan(0.56)
  expect(pair.auc).toBeLessThan(0.56)
})

it('a single feature that knows the label is found', () => {
  expect(tellingFeatures({ planned, label: labels }, labels).single).toEqual({ name: 'label', auc: 1 })
})
