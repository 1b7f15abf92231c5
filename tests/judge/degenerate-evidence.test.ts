/** Degenerate evidence: each case has an answer, which is never an accidental promotion. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cohort, JudgePolicy } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { cohort, DAYS, DEADLINE, evidence, onDays, pair } from './support.js'

const policyWith = (judgePolicy: Partial<JudgePolicy>) => ({
  ...toyPolicy,
  judge: { ...toyPolicy.judge, ...judgePolicy },
})
const lenient = policyWith({ minMature: 1 })
const all = (loss: number, labelled = 1_000): Partial<Cohort> => ({
  exposed: labelled,
  labelled,
  lossSum: loss * labelled,
  lossSumSquares: loss * loss * labelled,
})
const refused = { type: 'JudgeFailed' }

describe('all labels equal', () => {
  it.each([0, 0.1, 1, 1e-9, 123_456.7])('%d in both arms: no variance, no verdict', (loss) => {
    const judged = judge(toyPolicy, evidence(onDays(all(loss), all(loss))), DEADLINE)
    expect(judged).toMatchObject({ action: 'continue', reason: 'no_variance', numbers: { interval: null } })
  })

  it('is hold at the deadline', () => {
    const same = evidence(onDays(all(1), all(1)), { asOf: DEADLINE })
    expect(judge(toyPolicy, same, DEADLINE)).toMatchObject({ action: 'hold', reason: 'deadline:no_variance' })
  })

  it('within each arm, but different: the pooled variance decides', () => {
    expect(judge(toyPolicy, evidence(onDays(all(1), all(0))), DEADLINE)).toMatchObject({ action: 'rollback' })
    expect(judge(toyPolicy, evidence(onDays(all(0), all(1))), DEADLINE)).toMatchObject({ action: 'promote' })
    const few = evidence(pair(DAYS[0], all(1, 2), all(0, 2)))
    expect(judge(lenient, few, DEADLINE)).toMatchObject({ action: 'continue', reason: 'inconclusive' })
  })
})

describe('too little to compare', () => {
  it('one arm empty', () => {
    const only = DAYS.map((day) => cohort({ day }))
    expect(judge(toyPolicy, evidence(only), DEADLINE)).toMatchObject({ action: 'continue', reason: 'no_mature_labels' })
  })

  it('arms on different days', () => {
    const apart = [cohort({ day: DAYS[0] }), cohort({ day: DAYS[1], arm: 'production' })]
    expect(judge(toyPolicy, evidence(apart), DEADLINE)).toMatchObject({
      action: 'continue',
      reason: 'no_common_day',
      numbers: { effect: null, interval: null },
    })
  })

  it('one decision an arm', () => {
    const single = evidence(pair(DAYS[0], all(1, 1), all(0, 1)))
    const judged = judge(lenient, single, DEADLINE)
    expect(judged).toMatchObject({ action: 'continue', reason: 'inconclusive' })
    // (x − y)² estimates the variance of the difference of two: one standard error.
    expect(judged.numbers).toMatchObject({ effect: 1, standardError: 1 })
  })

  it('one decision in the canary: the variance of the other arm is used', () => {
    const judged = judge(lenient, evidence(pair(DAYS[0], all(1, 1))), DEADLINE)
    const variance = (300 - 300 ** 2 / 1_000) / 999
    expect(judged.numbers.standardError).toBeCloseTo(Math.sqrt(variance * (1 + 1 / 1_000)), 12)
  })

  it('one cohort is enough where it is large', () => {
    const one = evidence(pair(DAYS[0], { lossSum: 100, lossSumSquares: 100 }))
    expect(judge(toyPolicy, one, DEADLINE)).toMatchObject({ action: 'promote', numbers: { matureDays: 1 } })
  })
})

describe('an error is an error and not a verdict', () => {
  it.each(['exposed', 'labelled', 'lossSum', 'lossSumSquares', 'expectedLossSum', 'expectedShare'] as const)(
    '%s is not a number',
    (field) => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const bad = evidence(pair(DAYS[0], { [field]: value }))
        expect(() => judge(toyPolicy, bad, DEADLINE)).toThrow(expect.objectContaining(refused) as Error)
        expect(() => judge(toyPolicy, bad, DEADLINE)).toThrow(`${field} is ${value}`)
      }
    },
  )

  it('losses so large that their squares overflow', () => {
    const sums = evidence(onDays({ lossSum: 1e200, lossSumSquares: 1.7e308 }))
    expect(() => judge(toyPolicy, sums, DEADLINE)).toThrow(expect.objectContaining(refused) as Error)
    // Each cohort is within a double here; what is made of them is not.
    const means = evidence(
      pair(DAYS[0], { ...all(1e154, 1), labelled: 1, exposed: 1 }, { ...all(-1e154, 1), exposed: 1 }),
    )
    expect(() => judge(lenient, means, DEADLINE)).toThrow(/invalid evidence: numbers\.\w+.* is .*/)
  })

  it.each([
    ['more labels than decisions', pair(DAYS[0], { exposed: 999 })],
    ['a cohort twice', [...pair(DAYS[0], {}), ...pair(DAYS[0], {})]],
  ])('%s', (_what, cohorts) => {
    expect(() => judge(toyPolicy, evidence(cohorts), DEADLINE)).toThrow(expect.objectContaining(refused) as Error)
  })

  it('looks that are not before this one', () => {
    const look = {
      asOf: '2001-01-25T00:00:00.000Z',
      action: 'continue',
      reason: 'inconclusive',
      sequential: null,
    } as const
    expect(() => judge(toyPolicy, evidence([], { looks: [look] }), DEADLINE)).toThrow(/out of order/)
  })
})

describe('enormous losses', () => {
  it('with a bound that refuses them decide nothing, good or bad', () => {
    const policy = policyWith({ lossBound: { lowest: 0, highest: 10, beyond: 'refuse' } })
    for (const lossSum of [100, 900]) {
      const beyond = evidence(onDays({ lossSum, lossSumSquares: lossSum, beyondBound: 1 }))
      expect(judge(policy, beyond, DEADLINE)).toMatchObject({ action: 'continue', reason: 'loss_beyond_bound' })
      expect(judge(toyPolicy, beyond, DEADLINE).action).toBe(lossSum === 100 ? 'promote' : 'rollback')
    }
  })

  it('with a bound that winsorises count as the bound, and are counted', () => {
    const policy = policyWith({ lossBound: { lowest: 0, highest: 1, beyond: 'winsorise' } })
    const judged = judge(policy, evidence(onDays({ lossSum: 100, lossSumSquares: 100, beyondBound: 2 })), DEADLINE)
    expect(judged).toMatchObject({ action: 'promote', numbers: { beyondBound: { challenger: 6, reference: 0 } } })
  })
})

const counts = fc.nat({ max: 5 })
const cohorts = fc.uniqueArray(
  fc.record({
    day: fc.constantFrom(...DAYS),
    arm: fc.constantFrom('canary', 'production', 'holdback'),
    mature: fc.boolean(),
    losses: fc.array(fc.double({ noNaN: true, min: -1e50, max: 1e50 }), { maxLength: 6 }),
    unlabelled: counts,
    expectedShare: fc.nat({ max: 10_000 }),
  }),
  { selector: ({ day, arm }) => `${day}/${arm}` },
)

it('whatever the evidence, the judge answers, and never promotes with an unmet condition', () => {
  fc.assert(
    fc.property(cohorts, fc.constantFrom('non_inferiority', 'superiority', 'equivalence'), (drawn, objective) => {
      const given = drawn.map(({ losses, unlabelled, ...rest }) =>
        cohort({
          ...rest,
          exposed: losses.length + unlabelled,
          labelled: losses.length,
          lossSum: losses.reduce((sum, loss) => sum + loss, 0),
          lossSumSquares: losses.reduce((sum, loss) => sum + loss * loss, 0),
        }),
      )
      const policy = policyWith({ objective, minMature: 2 })
      const judged = judge(policy, evidence(given), DEADLINE)
      expect(judge(policy, evidence(given), DEADLINE)).toEqual(judged)
      expect(judged.action === 'promote').toBe(judged.unmet.length === 0 && judged.action !== 'rollback')
      if (judged.action !== 'promote') return
      const { mature, interval, coverage } = judged.numbers
      expect(Math.min(mature.challenger, mature.reference)).toBeGreaterThanOrEqual(2)
      expect(Math.min(coverage.challenger ?? 0, coverage.reference ?? 0)).toBeGreaterThanOrEqual(0.9)
      expect(interval?.[1]).toBeLessThan(0.02)
    }),
    { numRuns: 500 },
  )
})
