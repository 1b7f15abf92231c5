import { describe, expect, it } from 'vitest'
import type { Cohort } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { lossCell } from '../../../judge/v2/cells.js'
import { constantEffect } from '../../../judge/v2/constant-effect.js'
import { dayEffects, heterogeneityOf } from '../../../judge/v2/heterogeneity.js'
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
const heterogeneity = (cohorts: readonly Cohort[]) => heterogeneityOf(dayEffects(strata(cohorts)))

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

describe('fixed, where the policy states no p-value', () => {
  const unmet = (losses: readonly number[], judged: Parameters<typeof under>[0] = {}) =>
    judge(under({ objective: 'superiority', ...judged }), evidence(losses), NEVER).unmet
  const pOf = (losses: readonly number[]) => judge(under({}), evidence(losses), NEVER).numbers.acrossDays?.p ?? 0

  it('two days must agree better than many, because they show little of each other', () => {
    const two = [22, 38]
    expect(pOf(two)).toBeGreaterThan(0.1)
    expect(unmet(two)).toEqual(['days_disagree'])
    expect(unmet([25, 26])).toEqual([])
    expect(unmet([...two, ...two, ...two])).toEqual([])
  })

  it('one day promotes only what is far from chance', () => {
    expect(unmet([25])).toEqual(['days_disagree'])
    expect(unmet([10])).toEqual([])
  })

  it('days that resemble the day before block a conclusion that only their variance contradicts', () => {
    // The effect goes and comes back once in sixteen days; then the same days in another order.
    const wave = [-18, -14, -8, -1, 5, 11, 16, 18, 18, 16, 11, 5, -1, -8, -14, -18]
    const mixed = [-18, 18, -8, 11, 5, -1, 16, -14, 18, -18, 11, -8, -1, 5, -14, 16]
    const losses = (days: readonly number[]) => days.map((day) => Math.round(51.4 + 0.85 * day))
    expect(pOf(losses(wave))).toBeGreaterThan(0.1)
    expect(pOf(losses(mixed))).toBeCloseTo(pOf(losses(wave)), 9)
    expect(unmet(losses(wave))).toEqual(['days_disagree'])
    expect(unmet(losses(mixed))).toEqual([])
  })

  it('days that certainly disagree block, however far from chance they are together', () => {
    const apart = [1, 40, 1, 40, 1, 40, 1, 40, 1, 40]
    expect(pOf(apart)).toBeLessThan(0.005)
    expect(unmet(apart)).toEqual(['days_disagree'])
  })

  it('a stated p-value is the only rule', () => {
    expect(unmet([22, 38], { daysDisagreeAlpha: 0.05 })).toEqual([])
  })

  it('the number that decides is in the look, and only where it decides', () => {
    const constantOf = (judged: Parameters<typeof under>[0]) =>
      judge(under({ objective: 'superiority', ...judged }), agreeing, NEVER).numbers.acrossDays?.constant
    expect(constantOf({})).toBeCloseTo(constantEffect(dayEffects(strata(agreeing.cohorts)), 0), 12)
    for (const other of [{ daysDisagreeAlpha: 0.05 }, { acrossDays: 'random' }, { alpha: 1e-30 }] as const)
      expect(constantOf(other)).toBeUndefined()
  })

  it('a look that concludes nothing is inconclusive, however few its days are', () => {
    expect(unmet([52, 68, 54])).toEqual(['inconclusive'])
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
    const found = heterogeneity(evidence(losses).cohorts)
    expect(found?.q).toBeCloseTo(q, 9)
    expect(found?.p).toBeCloseTo(chiSquareTail(q, 3), 12)
  })

  it('τ² makes the days disagree as much as chance would', () => {
    const found = heterogeneity(disagreeing.cohorts)
    const tau2 = found?.tau2 ?? 0
    const daily = strata(disagreeing.cohorts).map(({ one, zero }) => {
      const mean = (one.sum + zero.sum) / 480
      return { effect: (one.sum - zero.sum) / 240, variance: ((480 * mean * (1 - mean)) / 479) * (2 / 240) + tau2 }
    })
    const weights = daily.reduce((sum, { variance }) => sum + 1 / variance, 0)
    const mean = daily.reduce((sum, { effect, variance }) => sum + effect / variance, 0) / weights
    expect(daily.reduce((sum, { effect, variance }) => sum + (effect - mean) ** 2 / variance, 0)).toBeCloseTo(5, 9)
    expect(heterogeneity(agreeing.cohorts)?.tau2).toBe(0)
  })

  it('a constant effect is compared with the likeliest of the effects that vary, by their joint distribution', () => {
    const daily = [-0.02, 0.01, -0.05, -0.04].map((effect, index) => ({
      effect,
      variance: 0.0004 * (1 + index),
      weight: 1,
    }))
    // −2 ln of the density of four normal numbers, by Gaussian elimination of their covariance matrix.
    const misfit = (mean: number, between: number, correlation: number) => {
      const rows = daily.map(({ effect, variance }, row) => [
        ...daily.map((_, column) => between * correlation ** Math.abs(row - column) + (row === column ? variance : 0)),
        effect - mean,
      ])
      let sum = 0
      rows.forEach((pivot, row) => {
        const [of = 0, last = 0] = [pivot[row], pivot[daily.length]]
        sum += Math.log(of) + (last * last) / of
        for (const below of rows.slice(row + 1)) {
          const factor = (below[row] ?? 0) / of
          pivot.forEach((value, column) => {
            below[column] = (below[column] ?? 0) - factor * value
          })
        }
      })
      return sum
    }
    const precision = daily.reduce((sum, { variance }) => sum + 1 / variance, 0)
    const mean = daily.reduce((sum, { effect, variance }) => sum + effect / variance, 0) / precision
    const varying = Array.from({ length: 31 }, (_, index) => 0.001 * 2 ** (index / 2 - 5)).flatMap((between) =>
      [0, 0.3, 0.6].map((correlation) => misfit(0.01, between, correlation)),
    )
    expect(constantEffect(daily, 0.01)).toBeCloseTo(Math.min(...varying) - misfit(mean, 0, 0), 5)
  })

  it('days whose arms are small do not count as disagreement', () => {
    const small = steadyRows(days(3, 20), 6, { canary: 1, production: 9 })
    const { cohorts } = agreeing
    const found = heterogeneity([...cohorts, ...evidenceFrom(small).cohorts])
    expect(found).toEqual(heterogeneity(cohorts))
  })
})
