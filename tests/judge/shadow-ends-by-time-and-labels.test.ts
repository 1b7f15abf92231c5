import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { Judgement } from '../../contracts/types.js'
import { afterLook, judge } from '../../judge/index.js'
import { shadowPolicy } from '../toy-project/policy.js'

const policy = { ...shadowPolicy, shadow: { share: 10_000, lasts: '2d', minMature: 100 } }
const evidence = (day: number, breaches: Parameters<typeof judge>[1]['breaches'] = []) => ({
  schema: 'slipway.evidence/1' as const,
  project: 'toy',
  asOf: new Date(day * DAY_MS).toISOString(),
  arms: { challenger: 'shadow' as const, reference: 'production' as const },
  cohorts: [],
  breaches,
  looks: [],
})
const DEADLINE = 14
const judged = (day: number, breaches: Parameters<typeof evidence>[1] = []): Judgement =>
  judge(policy, evidence(day, breaches), new Date(DEADLINE * DAY_MS).toISOString())
const after = (
  day: number,
  shadowMature: number,
  { paused = false, breaches = [] as Parameters<typeof evidence>[1] } = {},
) =>
  afterLook(judged(day, breaches), {
    policy,
    phase: 'shadow',
    asOf: day * DAY_MS,
    opened: 0,
    deadline: DEADLINE * DAY_MS,
    step: 0,
    stepBegan: 0,
    paused,
    asked: 'no',
    shadowMature,
  })

it('the first step begins when the shadow has lasted and enough labels are mature', () => {
  expect([after(1, 1_000), after(2, 99), after(2, 100), after(5, 100)]).toEqual([
    undefined,
    undefined,
    'step_over',
    'step_over',
  ])
})

it('a pause keeps it from beginning, and at its deadline a shadow is held', () => {
  expect([after(5, 100, { paused: true }), after(DEADLINE, 100, { paused: true }), after(DEADLINE, 0)]).toEqual([
    undefined,
    'hold',
    'hold',
  ])
})

it('a breach pauses it or rolls back, at any time', () => {
  const breach = { signal: 's', arm: 'shadow' as const, value: 1, threshold: 0, at: new Date(0).toISOString() }
  expect(after(1, 0, { breaches: [{ ...breach, power: 'rollback' }] })).toBe('rollback')
  expect(after(5, 100, { breaches: [{ ...breach, power: 'pause' }] })).toBe('pause')
})

it('no judgement of a shadow promotes, whatever the policy', () => {
  for (const day of [1, 5, DEADLINE]) expect(judged(day).action).not.toBe('promote')
})
