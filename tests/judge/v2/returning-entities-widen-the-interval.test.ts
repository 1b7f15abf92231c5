/** The entity is the unit: decisions of one entity are not independent, on whatever days and in whichever arm. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../../judge/index.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { days, evidenceFrom, NEVER, POLICY, type Row, steadyRows, under } from './from-rows.js'

const numbersOf = (rows: readonly Row[], policy = POLICY) => judge(policy, evidenceFrom(rows), NEVER).numbers

/** An entity with `own` of the `all` decisions of an arm is compared with the mean of the others. */
const withoutItself = (all: number, own: number) => ((all - 1) / (all - own)) ** 2

describe('the standard error counts entities', () => {
  const rows = steadyRows(days(3), 120, { canary: 5, production: 4 })

  it('an entity with m equal decisions on a day counts as one', () => {
    const repeated = rows.flatMap((row) => [row, row, row, row])
    const [once, four] = [numbersOf(rows), numbersOf(repeated)]
    expect(four.designEffect).toBeCloseTo(4 * withoutItself(480, 4), 9)
    // Sample variances have fewer degrees of freedom before the repetition.
    expect((four.standardError ?? 0) / (once.standardError ?? 1)).toBeGreaterThan(0.99)
    expect((four.standardError ?? 0) / (once.standardError ?? 1)).toBeLessThan(1.01)
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

  it('an entity that makes most of the decisions of its arm is not the mean that it is compared with', () => {
    // 100 decisions an arm and day, 90 of them in the canary of one entity, which always loses.
    const rows = days(10).flatMap((day) =>
      (['canary', 'production'] as const).flatMap((arm) =>
        Array.from({ length: 100 }, (_, index): Row => {
          const dominates = arm === 'canary' && index < 90
          const entity = dominates ? 'large' : `${day} ${arm} ${index}`
          return { entity, day, arm, loss: dominates || index % 10 === 0 ? 1 : 0 }
        }),
      ),
    )
    const judged = judge(POLICY, evidenceFrom(rows), NEVER)
    expect(judged.numbers.effect).toBeGreaterThan(0.7)
    expect(judged.numbers.conclusions).toEqual([])
    expect(judged.action).toBe('continue')
    // Each of these decisions of another entity: harm.
    const apart = rows.map((row, index) => ({ ...row, entity: `${index}` }))
    expect(judge(POLICY, evidenceFrom(apart), NEVER)).toMatchObject({ action: 'rollback', reason: 'harm' })
  })

  it('an entity that has an arm to itself is compared with the other arm', () => {
    const rows = steadyRows(days(10), 40, { canary: 2, production: 10 })
    const alone = rows.map((row) => (row.arm === 'canary' ? { ...row, entity: 'alone' } : row))
    expect(judge(POLICY, evidenceFrom(rows), NEVER).action).toBe('rollback')
    expect(judge(POLICY, evidenceFrom(alone), NEVER)).toMatchObject({
      action: 'continue',
      numbers: { conclusions: [] },
    })
  })

  it('the policy’s designEffect is the least that is used', () => {
    expect(numbersOf(rows, under({ designEffect: 2.5 })).designEffect).toBe(2.5)
    const repeated = rows.flatMap((row) => [row, row, row, row])
    expect(numbersOf(repeated, under({ designEffect: 2.5 })).designEffect).toBeCloseTo(4 * withoutItself(480, 4), 9)
    expect(numbersOf(rows).designEffect).toBeCloseTo(1, 12)
  })
})
