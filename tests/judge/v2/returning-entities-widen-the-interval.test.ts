/** The entity is the unit: decisions of one entity are not independent, on whatever days and in whichever arm. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../../judge/index.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { days, evidenceFrom, NEVER, POLICY, type Row, steadyRows, under } from './from-rows.js'

const numbersOf = (rows: readonly Row[], policy = POLICY) => judge(policy, evidenceFrom(rows), NEVER).numbers

describe('the standard error counts entities', () => {
  const rows = steadyRows(days(3), 120, { canary: 5, production: 4 })

  it('an entity with m equal decisions on a day counts as one', () => {
    const repeated = rows.flatMap((row) => [row, row, row, row])
    const [once, four] = [numbersOf(rows), numbersOf(repeated)]
    expect(four.designEffect).toBeCloseTo(4, 9)
    // Sample variances have fewer degrees of freedom before the repetition.
    expect((four.standardError ?? 0) / (once.standardError ?? 1)).toBeGreaterThan(0.99)
    expect((four.standardError ?? 0) / (once.standardError ?? 1)).toBeLessThan(1)
  })

  it('an entity that returns on other days counts as one', () => {
    const daily = rows.map((row) => ({ ...row, entity: row.entity.slice('2026-01-01'.length) }))
    expect(numbersOf(daily).designEffect).toBeCloseTo(3, 9)
  })

  it('an entity that the ramp moves to the canary counts in both arms', () => {
    const random = createRandom(11)
    const entities = Array.from({ length: 600 }, () => ({ bucket: random(), risk: random() < 0.2 ? 0.6 : 0.05 }))
    const moved = days(8).flatMap((day, index) =>
      entities.map(({ bucket, risk }, entity): Row => {
        const arm = bucket < (index + 1) / 16 ? 'canary' : 'production'
        return { entity: `${entity}`, day, arm, loss: random() < risk ? 1 : 0 }
      }),
    )
    const { cohorts, clusters } = evidenceFrom(moved)
    // What sums by day and arm alone would show, with the entities of each day and arm as units.
    const within = cohorts.reduce((sum, cohort) => {
      const other = cohorts.find(({ day, arm }) => day === cohort.day && arm !== cohort.arm)?.labelled ?? 0
      return sum + (other / (other + cohort.labelled)) ** 2 * (cohort.clusterSquares ?? 0)
    }, 0)
    expect(clusters?.effect).toBeGreaterThan(1.5 * within)
    expect(numbersOf(moved).designEffect).toBeCloseTo((clusters?.effect ?? 0) / within, 9)
  })

  it('the policy’s designEffect is the least that is used', () => {
    expect(numbersOf(rows, under({ designEffect: 2.5 })).designEffect).toBe(2.5)
    const repeated = rows.flatMap((row) => [row, row, row, row])
    expect(numbersOf(repeated, under({ designEffect: 2.5 })).designEffect).toBeCloseTo(4, 9)
    expect(numbersOf(rows).designEffect).toBeCloseTo(1, 12)
  })
})
