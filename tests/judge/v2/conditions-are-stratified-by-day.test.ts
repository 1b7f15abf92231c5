import { describe, expect, it } from 'vitest'
import type { PromotionPolicy } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { days, evidenceFrom, NEVER, POLICY, type Row, under } from './from-rows.js'

interface Day {
  readonly canary: number
  readonly production: number
  /** Share of labels. */
  readonly coverage: { readonly canary: number; readonly production: number }
}

/** Losses: a tenth of the canary's decisions, a fifth of production's. */
function evidence(plan: readonly Day[]) {
  const rows = days(plan.length).flatMap((day, index): Row[] =>
    (['canary', 'production'] as const).flatMap((arm) => {
      const { [arm]: count = 0, coverage } = plan[index] as Day
      return Array.from({ length: count }, (_, row) => ({
        entity: `${day}${arm}${row}`,
        day,
        arm,
        loss: row >= count * coverage[arm] ? null : row % (arm === 'canary' ? 10 : 5) === 0 ? 1 : 0,
      }))
    }),
  )
  const given = evidenceFrom(rows)
  // The split is as configured: these tests are about other conditions.
  const cohorts = given.cohorts.map((cohort) => {
    const all = given.cohorts.reduce((sum, { day, exposed }) => sum + (day === cohort.day ? exposed : 0), 0)
    return { ...cohort, expectedShare: Math.round((10_000 * cohort.exposed) / all) }
  })
  return { ...given, cohorts }
}

describe('coverage', () => {
  it('that is lower in the canary on every day blocks, though pooled over a ramp it is equal', () => {
    // Coverage rises from day to day, and most of the canary's decisions are of the later days.
    const late = { canary: 400, production: 400, coverage: { canary: 0.95, production: 1 } }
    const early = { canary: 40, production: 760, coverage: { canary: 0.85, production: 0.9 } }
    const judged = judge(POLICY, evidence([early, early, late, late]), NEVER)
    const { cohorts } = evidence([early, early, late, late])
    const pooled = (arm: string) => {
      const own = cohorts.filter((cohort) => cohort.arm === arm)
      return own.reduce((sum, { labelled }) => sum + labelled, 0) / own.reduce((sum, { exposed }) => sum + exposed, 0)
    }
    expect(Math.abs(pooled('canary') - pooled('production'))).toBeLessThan(0.03)
    expect(judged.unmet).toContain('coverage_differs')
    expect(judged.numbers.coverageDifference?.effect).toBeCloseTo(-0.05, 9)
  })

  it('that is equal on every day does not block, though pooled over a ramp it differs', () => {
    const late = { canary: 400, production: 400, coverage: { canary: 1, production: 1 } }
    const early = { canary: 40, production: 760, coverage: { canary: 0.9, production: 0.9 } }
    expect(judge(POLICY, evidence([early, early, late, late]), NEVER)).toMatchObject({ action: 'promote', unmet: [] })
  })

  it('that differs by chance alone does not block', () => {
    const few = { canary: 40, production: 40, coverage: { canary: 0.9, production: 0.95 } }
    const many = { canary: 1_200, production: 1_200, coverage: { canary: 0.9, production: 0.95 } }
    expect(judge(POLICY, evidence([few, few]), NEVER).unmet).not.toContain('coverage_differs')
    expect(judge(POLICY, evidence([many, many]), NEVER).unmet).toContain('coverage_differs')
  })
})

describe('unbounded losses', () => {
  const unbounded = (() => {
    const { lossBound: _bound, ...rest } = under({}).judge
    return { ...POLICY, judge: rest } as PromotionPolicy
  })()
  const full = { canary: 1, production: 1 }
  const narrow = { canary: 100, production: 900, coverage: full }
  const wide = { canary: 400, production: 600, coverage: full }

  it('promote only from days whose arms are at most 4:1', () => {
    const early = judge(unbounded, evidence([narrow, narrow, narrow, narrow, narrow, narrow]), NEVER)
    expect(early).toMatchObject({ action: 'continue', reason: 'arms_unbalanced', numbers: { balanced: null } })
    expect(early.numbers.interval?.[1]).toBeLessThan(0)
    const late = judge(unbounded, evidence([narrow, wide, wide, wide]), NEVER)
    expect(late).toMatchObject({ action: 'promote', numbers: { balanced: { days: 3 } } })
  })

  it('within a bound, days of a small step count too', () => {
    expect(judge(POLICY, evidence([narrow, narrow, narrow, narrow, narrow, narrow]), NEVER).action).toBe('promote')
  })

  it('roll back from any day', () => {
    const worse = evidence([narrow, narrow, narrow])
    const cohorts = worse.cohorts.map((cohort) =>
      cohort.arm === 'canary' ? { ...cohort, lossSum: 60, lossSumSquares: 60, clusterSquares: 24 } : cohort,
    )
    expect(judge(unbounded, { ...worse, cohorts }, NEVER)).toMatchObject({ action: 'rollback', reason: 'harm' })
  })
})
