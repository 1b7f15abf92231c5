import { describe, expect, it } from 'vitest'
import { lookText } from '../../cli/views/release-view.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { days, evidenceFrom, NEVER, POLICY, type Row, under } from '../judge/v2/from-rows.js'

/** Each entity decides twice a day, and the canary costs more every day. */
const rows: Row[] = days(3).flatMap((day, number) =>
  (['canary', 'production'] as const).flatMap((arm) =>
    Array.from({ length: 200 }, (_, index) => ({
      entity: `${arm}-${Math.floor(index / 2)}`,
      day,
      arm,
      loss: Math.floor(index / 2) % (arm === 'canary' ? 10 - 3 * number : 10) === 0 ? 1 : 0,
    })),
  ),
)
const look = (policy: PromotionPolicy) => ({
  phase: 'canary' as const,
  judgement: judge(policy, evidenceFrom(rows), NEVER),
})

describe('a look of judge 2', () => {
  it('shows the design effect as measured, and whether the days disagree', () => {
    const { judgement } = look(POLICY)
    const { designEffect = 0, acrossDays } = judgement.numbers
    // Pairs of equal decisions on three days.
    expect(designEffect).toBeGreaterThan(2)
    const text = lookText(look(POLICY))
    expect(text).toContain(`, design effect ${designEffect.toFixed(2)}, `)
    expect(text).toContain(`days fixed: Q ${acrossDays?.q.toFixed(1)}, p ${acrossDays?.p.toFixed(4)}, τ² `)
    expect(text).toContain(`τ² ${acrossDays?.tau2.toFixed(4)} →`)
    expect(lookText(look(under({ acrossDays: 'random' })))).toContain(', days random: Q ')
    expect(text).not.toContain('balanced')
  })

  it('shows the interval of balanced days, which a promotion uses where losses are unbounded', () => {
    const { lossBound: _, ...unbounded } = POLICY.judge
    const found = look({ ...POLICY, judge: unbounded })
    const [low, high] = found.judgement.numbers.balanced?.interval ?? [Number.NaN, Number.NaN]
    expect(lookText(found)).toContain(
      `for a promotion [${low.toFixed(4)}, ${high.toFixed(4)}] from 3 balanced days, days fixed`,
    )
  })
})

it('a look of judge 1 has none of these numbers', () => {
  expect(lookText(look({ ...POLICY, schema: 'slipway.policy/1' }))).not.toMatch(/design effect|days fixed|balanced/)
})
