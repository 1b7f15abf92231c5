import { describe, expect, it } from 'vitest'
import type { Cohort } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { lossCell } from '../../../judge/v2/cells.js'
import { heterogeneity } from '../../../judge/v2/heterogeneity.js'
import { chiSquareTail } from '../../../judge/v2/special.js'
import { strataOf } from '../../../judge/v2/strata.js'
import { days, evidenceFrom, NEVER, type Row, steadyRows, under } from './from-rows.js'

/** On each day, the canary's losses in 240 decisions; production has 60. */
function evidence(canaryLosses: readonly number[]) {
  const rows = days(canaryLosses.length).flatMap((day, index): Row[] =>
    (['canary', 'production'] as const).flatMap((arm) =>
      Array.from({ length: 240 }, (_, row) => ({
        entity: `${day}${arm}${row}`,
        day,
        arm,
        loss: row < (arm === 'canary' ? (canaryLosses[index] ?? 0) : 60) ? 1 : 0,
      })),
    ),
  )
  return evidenceFrom(rows)
}
const agreeing = evidence([30, 31, 29, 30, 32, 28])
const disagreeing = evidence([0, 58, 2, 60, 4, 56])
const strata = (cohorts: readonly Cohort[]) =>
  strataOf(cohorts, { challenger: 'canary', reference: 'production' }, lossCell)

describe('fixed: the days that were seen', () => {
  it('promotes when days agree, and not when they do not, with its own reason', () => {
    const policy = under({ objective: 'superiority' })
    expect(judge(policy, agreeing, NEVER)).toMatchObject({ action: 'promote', reason: 'superior' })
    const judged = judge(policy, disagreeing, NEVER)
    expect(judged).toMatchObject({ action: 'continue', reason: 'days_disagree' })
    expect(judged.numbers.conclusions).toContain('superior')
    expect(judged.numbers.acrossDays?.p).toBeLessThan(1e-6)
  })

  it('rolls back harm even when days disagree', () => {
    expect(judge(under({}), evidence([60, 120, 60, 120, 60, 120]), NEVER)).toMatchObject({ reason: 'harm' })
  })

  it('takes the p-value from the policy', () => {
    const p = judge(under({}), evidence([20, 40, 25, 35, 30, 33]), NEVER).numbers.acrossDays?.p ?? 0
    const unmet = (daysDisagreeAlpha: number) =>
      judge(under({ daysDisagreeAlpha }), evidence([20, 40, 25, 35, 30, 33]), NEVER).unmet
    expect(unmet(p * 1.01)).toContain('days_disagree')
    expect(unmet(p * 0.99)).not.toContain('days_disagree')
  })
})

describe('random: days like these', () => {
  const random = under({ objective: 'superiority', acrossDays: 'random' })
  it('concludes from five days on, and never from fewer', () => {
    const four = judge(random, evidence([30, 31, 29, 30]), NEVER)
    expect(four).toMatchObject({
      action: 'continue',
      reason: 'too_few_days',
      numbers: { interval: null, conclusions: [] },
    })
    expect(judge(random, evidence([30, 31, 29, 30, 32]), NEVER).numbers.interval).not.toBeNull()
  })

  it('has an interval that includes the variance between days', () => {
    const width = (policy: typeof random) => {
      const [low, high] = judge(policy, disagreeing, NEVER).numbers.interval ?? [0, 0]
      return high - low
    }
    expect(width(random)).toBeGreaterThan(4 * width(under({})))
  })

  it('is never used in a probation, where few days are mature and harm must be seen', () => {
    const cohorts = evidence([120, 125]).cohorts.map((cohort) => ({
      ...cohort,
      arm: cohort.arm === 'canary' ? ('production' as const) : ('holdback' as const),
    }))
    const probation = {
      ...evidence([120, 125]),
      cohorts,
      arms: { challenger: 'production', reference: 'holdback' } as const,
    }
    expect(judge(random, probation, NEVER)).toMatchObject({ action: 'rollback', reason: 'harm' })
  })
})

describe('the numbers', () => {
  it('Q is the sum of squared distances from the weighted mean, in standard errors of the pooled arms', () => {
    const losses = [20, 40, 25, 35]
    const daily = losses.map((one) => {
      const mean = (one + 60) / 480
      return { effect: (one - 60) / 240, variance: ((480 * mean * (1 - mean)) / 479) * (2 / 240) }
    })
    const weights = daily.reduce((sum, { variance }) => sum + 1 / variance, 0)
    const mean = daily.reduce((sum, { effect, variance }) => sum + effect / variance, 0) / weights
    const q = daily.reduce((sum, { effect, variance }) => sum + (effect - mean) ** 2 / variance, 0)
    const found = heterogeneity(strata(evidence(losses).cohorts))
    expect(found?.q).toBeCloseTo(q, 9)
    expect(found?.p).toBeCloseTo(chiSquareTail(q, 3), 12)
  })

  it('τ² makes the days disagree as much as chance would', () => {
    const found = heterogeneity(strata(disagreeing.cohorts))
    const tau2 = found?.tau2 ?? 0
    const daily = strata(disagreeing.cohorts).map(({ one, zero }) => {
      const mean = (one.sum + zero.sum) / 480
      return { effect: (one.sum - zero.sum) / 240, variance: ((480 * mean * (1 - mean)) / 479) * (2 / 240) + tau2 }
    })
    const weights = daily.reduce((sum, { variance }) => sum + 1 / variance, 0)
    const mean = daily.reduce((sum, { effect, variance }) => sum + effect / variance, 0) / weights
    expect(daily.reduce((sum, { effect, variance }) => sum + (effect - mean) ** 2 / variance, 0)).toBeCloseTo(5, 9)
    expect(heterogeneity(strata(agreeing.cohorts))?.tau2).toBe(0)
  })

  it('days whose arms are small do not count as disagreement', () => {
    const small = steadyRows(days(3, 20), 6, { canary: 1, production: 9 })
    const { cohorts } = agreeing
    const found = heterogeneity(strata([...cohorts, ...evidenceFrom(small).cohorts]))
    expect(found).toEqual(heterogeneity(strata(cohorts)))
  })
})
