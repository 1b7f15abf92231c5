import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/index.js'
import { sampleRatioP } from '../../judge/sample-ratio.js'
import { stratifiedEffect } from '../../judge/stratified-effect.js'
import { toyPolicy } from '../toy-project/policy.js'
import { DAYS, DEADLINE, evidence, pair } from './support.js'

const days = DAYS
const better = days.flatMap((day) => pair(day, { lossSum: 200, lossSumSquares: 200 }))
const worse = days.flatMap((day) => pair(day, { lossSum: 450, lossSumSquares: 450 }))

describe('what may promote', () => {
  it('mature labels that show the candidate is no worse', () => {
    expect(judge(toyPolicy, evidence(better), DEADLINE)).toMatchObject({ action: 'promote', reason: 'non_inferior' })
  })

  it.each([
    ['immature labels that look good', better.map((c) => ({ ...c, mature: false })), 'no_mature_labels'],
    ['no evidence at all', [], 'no_mature_labels'],
    [
      'too few mature labels',
      pair('2001-01-21', { exposed: 50, labelled: 50, lossSum: 5, lossSumSquares: 5 }),
      'too_few_mature',
    ],
    ['labels missing beyond the floor', better.map((c) => ({ ...c, exposed: 2_000 })), 'coverage_below_floor'],
    [
      'labels missing in one arm only',
      better.map((c) => (c.arm === 'canary' ? { ...c, labelled: 930, exposed: 1_000 } : c)),
      'coverage_differs',
    ],
    [
      'a split that is not the configured one',
      better.map((c) => (c.arm === 'canary' ? { ...c, exposed: 800, labelled: 800 } : c)),
      'sample_ratio_mismatch',
    ],
    [
      'all losses equal',
      days.flatMap((day) => pair(day, { lossSum: 0, lossSumSquares: 0 }, { lossSum: 0, lossSumSquares: 0 })),
      'no_variance',
    ],
  ] as const)('not %s', (_what, cohorts, reason) => {
    expect(judge(toyPolicy, evidence([...cohorts]), DEADLINE)).toMatchObject({ action: 'continue', reason })
  })

  it('nothing at the deadline: undecided is hold, never a pass', () => {
    const judged = judge(toyPolicy, evidence([], { asOf: DEADLINE }), DEADLINE)
    expect(judged).toMatchObject({ action: 'hold', reason: 'deadline:no_mature_labels' })
  })
})

describe('what rolls back', () => {
  it('harm beyond the margin', () => {
    expect(judge(toyPolicy, evidence(worse), DEADLINE)).toMatchObject({ action: 'rollback', reason: 'harm' })
  })

  it('a breach, though the labels look good', () => {
    const breach = {
      signal: 'stale_warning_spike',
      arm: 'canary',
      value: 9,
      threshold: 3,
      power: 'rollback',
      at: '2001-01-24T00:00:00Z',
    } as const
    expect(judge(toyPolicy, evidence(better, { breaches: [breach] }), DEADLINE)).toMatchObject({
      action: 'rollback',
      reason: 'breach:stale_warning_spike',
    })
  })

  it('NaN is an error and not a verdict', () => {
    expect(() => judge(toyPolicy, evidence(pair('2001-01-21', { lossSum: Number.NaN })), DEADLINE)).toThrow(
      /lossSum is NaN/,
    )
  })
})

describe('base rate drifts while the canary ramps', () => {
  it('is no effect when stratified by day, though pooled it looks like one', () => {
    const drift = [
      ...pair(
        '2001-01-21',
        { exposed: 100, labelled: 100, lossSum: 10, lossSumSquares: 10 },
        { exposed: 900, labelled: 900, lossSum: 90, lossSumSquares: 90 },
      ),
      ...pair(
        '2001-01-22',
        { exposed: 900, labelled: 900, lossSum: 450, lossSumSquares: 450 },
        { exposed: 100, labelled: 100, lossSum: 50, lossSumSquares: 50 },
      ),
    ]
    expect(stratifiedEffect(drift, 'canary', 'production')?.effect).toBeCloseTo(0, 12)
  })
})

describe('the split', () => {
  it('a ramp is no sample-ratio mismatch, a lost tenth of the canary is', () => {
    const ramp = [
      ...pair('2001-01-21', { exposed: 102, expectedShare: 1_000 }, { exposed: 898, expectedShare: 9_000 }),
      ...pair('2001-01-22', { exposed: 5_030 }, { exposed: 4_970 }),
    ]
    expect(sampleRatioP(ramp, 'canary', 'production')).toBeGreaterThan(0.1)
    expect(
      sampleRatioP(pair('2001-01-22', { exposed: 4_500 }, { exposed: 5_000 }), 'canary', 'production'),
    ).toBeLessThan(1e-4)
  })
})
