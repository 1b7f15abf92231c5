import { expect, it } from 'vitest'
import { project } from '../../../projects/forecast/index.js'
import {
  actionPolicy,
  boundedLoss,
  chooseAlertRatio,
  decide,
  expectedLoss,
  loss,
} from '../../../projects/forecast/model/decide.js'
import { quantileAt, quantilesOf } from '../../../projects/forecast/model/predict.js'
import { policy as promotion } from '../../../projects/forecast/policy.js'

const policy = actionPolicy(2)
const output = (q75: number, usual = 4) => ({ q10: 0, q50: q75 / 2, q75, q90: q75 * 2, usual })

it('prices unserved and left-over lines in usual days', () => {
  const standing = output(5)
  expect(decide(standing, policy)).toBe('standing')
  const of = (label: number) => loss({ action: 'standing', output: standing, label }, policy)
  expect([of(5), of(7), of(1)]).toEqual([0, (3 * 2) / 4, 4 / 4])
})

it('alerts a buyer above the alert ratio, at a cost; the standing supply lasts one and a half usual days', () => {
  const peak = output(10)
  expect(decide(peak, policy)).toBe('replenish')
  expect(loss({ action: 'replenish', output: peak, label: 10 }, policy)).toBe(0.25)
  expect(loss({ action: 'standing', output: peak, label: 10 }, policy)).toBe((3 * (10 - 6)) / 4)
  expect(decide(peak, actionPolicy(3))).toBe('standing')
})

it('counts a series with almost no sales as one line a day', () => {
  expect(loss({ action: 'standing', output: output(0, 0), label: 1 }, policy)).toBe(3)
})

it('limits the loss of a single day, in gates as in the judge', () => {
  const wild = { action: 'standing', output: output(2, 1), label: 40 }
  expect(loss(wild, policy)).toBeGreaterThan(100)
  expect(boundedLoss(wild, policy)).toBe(promotion.judge.lossBound?.highest)
})

it('refuses a policy without its numbers', () => {
  expect(() => decide(output(5), { version: 'old', parameters: {} })).toThrow(/action policy old has no number named/)
})

it('has an expected loss equal to the mean loss', () => {
  const even = { q10: 1, q50: 5, q75: 7.5, q90: 9, usual: 4 }
  const levels = Array.from({ length: 1_000 }, (_, index) => (index + 0.5) / 1_000)
  const action = decide(even, policy)
  const real =
    levels.reduce((sum, level) => sum + loss({ action, output: even, label: quantileAt(even, level) }, policy), 0) /
    1_000
  expect(expectedLoss(even, action, policy)).toBeCloseTo(real, 1)
})

it('chooses the alert ratio that would have cost least', () => {
  const outputs = Array.from({ length: 50 }, (_, index) => output(index % 2 === 0 ? 5 : 12))
  const served = outputs.map(({ q75 }) => q75)
  expect(decide(output(12), actionPolicy(chooseAlertRatio(outputs, served)))).toBe('replenish')
  // Peaks that never occur: no alert is worth its cost.
  const never = outputs.map(() => 5)
  expect(decide(output(12), actionPolicy(chooseAlertRatio(outputs, never)))).toBe('standing')
})

it('gives ascending quantiles, none below zero', () => {
  const network = {
    mean: [0],
    deviation: [1],
    layers: [{ weights: [0, 0, 0, 0], bias: [0.5, 0.2, 1, -3] }],
  }
  const matrix = { names: ['level_7'] as const, rows: 1, values: Float64Array.of(0), usual: Float64Array.of(0.7) }
  expect([...quantilesOf({ network, offsets: [0, 0, 0, 0] }, matrix)]).toEqual([0, 0.2, 0.5, 1])
})

it('refuses an artifact that is truncated, of another project or of another feature version', async () => {
  const load = (text: string, featureVersion = 'demand_lags_v1') =>
    project.load({ featureVersion, artifact: Buffer.from(text) })
  const model = {
    schema: 'forecast_model/1',
    featureVersion: 'demand_naive_v1',
    horizon: { from: 7, to: 7 },
    trained: { from: 1, until: 2, rows: 3 },
    feed: null,
    network: null,
    offsets: [0, 0, 0, 0],
  }
  await expect(load('{"schema"')).rejects.toMatchObject({ type: 'ArtifactMismatch' })
  await expect(load('{"schema":"eta_model/1"}')).rejects.toThrow(/not a valid forecast_model\/1: schema/)
  await expect(load(JSON.stringify(model))).rejects.toThrow(
    /it has features demand_naive_v1, the release names demand_lags_v1/,
  )
  const layers = [{ weights: [1, 2, 3], bias: [0, 0, 0, 0] }]
  const odd = { ...model, network: { mean: [0], deviation: [1], layers } }
  await expect(load(JSON.stringify(odd), 'demand_naive_v1')).rejects.toThrow(
    /a layer of 4 units has 3 weights for 1 inputs/,
  )
  const scorer = await load(JSON.stringify(model), 'demand_naive_v1')
  const input = {
    series: 'A',
    day: '2024-03-11',
    ahead: 3,
    promoted: false,
    recent: [4],
    promotedDaysAgo: [],
    lastYear: [],
  }
  expect(() => scorer.score([input])).toThrow(/ahead is 3 for A; this release forecasts 7 days/)
})
