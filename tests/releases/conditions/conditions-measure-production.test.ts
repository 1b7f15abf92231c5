import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stabilityIndex } from '../../../releases/conditions/stability-index.js'
import { appendAnything } from '../../support/append-anything.js'
import { chance } from '../../toy-project/data.js'
import { iso, openWatched, recorded, type Watched } from './support.js'

let on: Watched
describe('on recorded decisions', () => {
  beforeEach(async () => {
    on = await openWatched()
  })
  afterEach(() => on?.close())

  it('quality only reads mature days: labels of an open day do not make it fire until the day is mature', async () => {
    for (const after of [0, 1]) await on.decisions(on.day(after), 200, { loss: 0.5 })
    for (const after of [2, 3]) await on.decisions(on.day(after), 200, { loss: 2 })
    const early = await on.check('costs-more', on.day(3) - 1)
    expect(early).toMatchObject({ outcome: 'quiet', window: { from: iso(on.day(-1)), to: iso(on.day(1)) } })
    const quiet = await on.check('costs-more', on.day(3))
    expect(quiet).toMatchObject({
      outcome: 'quiet',
      numbers: { meanLoss: 0.5, bound: 0.7, exposed: 400, labelled: 400 },
    })
    // Its horizon is a day: the third day is final now, the fourth is not.
    const fired = await on.check('costs-more', on.day(4))
    expect(fired).toMatchObject({ outcome: 'started', numbers: { meanLoss: 1.25, exposed: 400, labelled: 400 } })
    expect(fired.window).toEqual({ from: iso(on.day(1)), to: iso(on.day(3)) })
    expect(await recorded(on)).toHaveLength(1)
  })

  it('a mean within two standard errors of the bound does not fire', async () => {
    // Losses are 0.75 ± 1, so that the standard error of 200 is 0.07.
    for (const after of [0, 1]) await on.decisions(on.day(after), 100, { loss: 0.75 })
    const found = await on.check('costs-more', on.day(3))
    expect(found).toMatchObject({ outcome: 'quiet' })
    expect(found.numbers.meanLoss).toBeCloseTo(0.75)
    expect(found.numbers.standardError).toBeCloseTo(1 / Math.sqrt(200))
  })

  it('with too few labels, or too small a share of labelled decisions, it cannot say', async () => {
    for (const after of [0, 1]) await on.decisions(on.day(after), 300, { loss: 9, labelled: 49 })
    const few = await on.check('costs-more', on.day(3))
    expect(few).toMatchObject({ outcome: 'cannot_say', numbers: { exposed: 600, labelled: 98 } })
    expect(few.says).toBe('98 labelled decisions on the newest 2 mature days; 100 are needed')
    await on.decisions(on.day(1), 100, { loss: 9 })
    const sparse = await on.check('costs-more', on.day(3))
    expect(sparse).toMatchObject({
      outcome: 'cannot_say',
      says: '198 of 700 decisions have a label; 0.9 of them are needed',
    })
    expect(await recorded(on)).toEqual([])
  })

  it('a bound relative to the promotion cannot say where the judge promoted nothing', async () => {
    for (const after of [0, 1]) await on.decisions(on.day(after), 200, { loss: 9 })
    const conditions = [
      {
        name: 'costs-more',
        condition: 'quality' as const,
        days: 2,
        minLabelled: 100,
        bound: { overPromotion: 0 },
        every: '1d',
        coolDown: '3d',
      },
    ]
    const found = await on.check('costs-more', on.day(3), { conditions })
    expect(found).toMatchObject({ outcome: 'cannot_say' })
    expect(found.says).toContain(`${on.production} was not promoted by the judge`)
  })

  it('a bound relative to the promotion uses the mature canary days of the look that promoted', async () => {
    const { manifest } = await on.registry.releases.get(on.production)
    const workflowId = 'release/toy/first'
    const other = { ...manifest, featureVersion: 'toy_other_v1' }
    // An earlier run of the same tuple registered it, and was held.
    const earlier = 'release/toy/held-before'
    const { releaseId: release } = await on.registry.releases.register({
      project: 'toy',
      manifest: other,
      workflowId: earlier,
    })
    const cohort = (arm: string, mature: boolean, lossSum: number) => ({
      arm,
      mature,
      exposed: 100,
      labelled: 100,
      lossSum,
      lossSumSquares: 100,
    })
    const look = (action: string, mean: number) => ({
      phase: 'canary',
      arms: { challenger: 'canary', reference: 'production' },
      judgement: { action },
      cohorts: [cohort('canary', true, 100 * mean), cohort('canary', false, 900), cohort('production', true, 700)],
    })
    for (const [index, body] of [look('continue', 3), look('promote', 0.4)].entries()) {
      const key = `${workflowId}:look:${index}`
      await appendAnything(on.registry, { project: 'toy', kind: 'judgement', subject: workflowId, key, body })
    }
    const body = look('promote', 5)
    await appendAnything(on.registry, { project: 'toy', kind: 'judgement', subject: earlier, key: 'earlier', body })
    await on.registry.aliases.move({
      project: 'toy',
      alias: 'production',
      expected: on.production,
      to: release,
      actor: workflowId,
      workflowId,
      reason: 'non_inferior',
      evidence: null,
      key: `${workflowId}:promote`,
    })
    for (const after of [0, 1]) {
      await on.decisions(on.day(after), 200, { loss: 0.9, release })
      // Of another release, which is not production any more.
      await on.decisions(on.day(after), 200, { loss: -9 })
    }
    const above = (overPromotion: number) => ({
      conditions: [
        {
          name: 'costs-more',
          condition: 'quality' as const,
          days: 2,
          minLabelled: 100,
          bound: { overPromotion },
          every: '1d',
          coolDown: '3d',
        },
      ],
    })
    expect(await on.check('costs-more', on.day(3), above(0.5))).toMatchObject({ outcome: 'quiet' })
    const fired = await on.check('costs-more', on.day(3), above(0.3))
    expect(fired).toMatchObject({ outcome: 'started', numbers: { lossAtPromotion: 0.4, exposed: 400 } })
    expect(fired.numbers.bound).toBeCloseTo(0.7)
    expect(fired.numbers.meanLoss).toBeCloseTo(0.9)
  })

  it('input drift against production’s first days: quiet when alike, fires when not, waits for its reference', async () => {
    for (const after of [0, 1, 2, 3]) {
      await on.decisions(on.day(after), 140, { x: 0 })
      await on.decisions(on.day(after), 60, { x: 1 })
    }
    expect(await on.check('other-parcels', on.day(2))).toMatchObject({ outcome: 'cannot_say' })
    const alike = await on.check('other-parcels', on.day(4))
    expect(alike.outcome).toBe('quiet')
    expect(alike.numbers['input.x']).toBeLessThan(0.01)
    for (const after of [4, 5]) {
      await on.decisions(on.day(after), 60, { x: 0 })
      await on.decisions(on.day(after), 140, { x: 1 })
    }
    const drifted = await on.check('other-parcels', on.day(6))
    expect(drifted.outcome).toBe('started')
    // From 30 to 70 %: 2 · 0.4 · ln(7/3) = 0.678.
    expect(drifted.numbers['input.x']).toBeCloseTo(0.678, 1)
    expect(drifted.numbers['output.probability']).toBeLessThan(0.01)
    expect(drifted.says).toContain('of input.x, bound 0.2')
  })

  it('an instant in the future, an undeclared condition and a senseless threshold are refused; nothing is recorded', async () => {
    await expect(on.check('nope', on.day(0))).rejects.toThrow(/toy has no condition "nope"; known: old-data/)
    await expect(on.check('old-data', on.day(0), { perDay: 0 })).rejects.toThrow(/slipway schedule apply/)
    expect(await recorded(on)).toEqual([])
  })
})

describe('the stability index', () => {
  const sample = (name: string, count: number, of: (u: number) => unknown) =>
    Array.from({ length: count }, (_, index) => of(chance(name, index)))

  it('equals a calculation by hand', () => {
    const words = (a: number, b: number) => [...Array<string>(a).fill('a'), ...Array<string>(b).fill('b')]
    // With half a decision more in each bin: shares 50.5/101 and 90.5/101.
    const by = (p: number, q: number) => (p - q) * Math.log(p / q)
    const expected = by(90.5 / 101, 50.5 / 101) + by(10.5 / 101, 50.5 / 101)
    expect(stabilityIndex(words(50, 50), words(90, 10))).toBeCloseTo(expected, 12)
    expect(stabilityIndex(words(50, 50), words(50, 50))).toBe(0)
  })

  it('of two samples of one population is its noise, about (bins − 1)(1/n + 1/m)', () => {
    const means = Array.from({ length: 50 }, (_, run) =>
      stabilityIndex(
        sample(`a${run}`, 1_000, (u) => u),
        sample(`b${run}`, 1_000, (u) => u),
      ),
    )
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length
    expect(mean).toBeGreaterThan(0.5 * 9 * 0.002)
    expect(mean).toBeLessThan(1.5 * 9 * 0.002)
    expect(Math.max(...means)).toBeLessThan(0.1)
  })

  it('detects a shift, new values, and values that no longer occur', () => {
    const usual = sample('u', 2_000, (u) => u)
    expect(
      stabilityIndex(
        usual,
        sample('v', 2_000, (u) => u + 0.3),
      ),
    ).toBeGreaterThan(0.5)
    expect(
      stabilityIndex(
        usual,
        sample('w', 2_000, (u) => (u < 0.3 ? null : u)),
      ),
    ).toBeGreaterThan(0.5)
    const carriers = sample('c', 2_000, (u) => (u < 0.5 ? 'AA' : 'DL'))
    expect(
      stabilityIndex(
        carriers,
        sample('d', 2_000, (u) => (u < 0.5 ? 'AA' : 'WN')),
      ),
    ).toBeGreaterThan(0.5)
  })

  it.each([
    ['a constant', () => 1],
    ['a flag that is 95 % ones', (u: number) => (u < 0.05 ? 0 : 1)],
    ['a number at its maximum in 90 % of decisions', (u: number) => (u < 0.1 ? u : 1)],
  ])('sees %s move down, and sees nothing when it stays', (_what, of) => {
    const usual = sample('m', 2_000, of)
    // Nine in ten stay: .1 ln(.9 / 1) and more, with half a decision in an empty bin.
    const lower = sample('n', 2_000, (u) => (u < 0.3 ? 0.5 : of(u)))
    expect(stabilityIndex(usual, lower)).toBeGreaterThan(0.25)
    expect(stabilityIndex(usual, sample('o', 2_000, of))).toBeLessThan(0.02)
  })

  it('of a constant that became another value in half of the decisions equals a calculation by hand', () => {
    const ones = Array<number>(100).fill(1)
    const half = [...Array<number>(50).fill(1), ...Array<number>(50).fill(0)]
    const by = (p: number, q: number) => (p - q) * Math.log(p / q)
    expect(stabilityIndex(ones, half)).toBeCloseTo(by(50.5 / 101, 100.5 / 101) + by(50.5 / 101, 0.5 / 101), 12)
  })

  it('constant values and whole days of one value give no error', () => {
    expect(stabilityIndex([1, 1, 1], [1, 1])).toBe(0)
    expect(Number.isFinite(stabilityIndex([1, 1, 1], [2, 2]))).toBe(true)
  })
})
