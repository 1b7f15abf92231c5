import { describe, expect, it } from 'vitest'
import type { Evidence, SegmentSums } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { days, NEVER, POLICY, type Row } from './from-rows.js'
import { policyWith, withSegments } from './segments-from-rows.js'

/** A fifth of the decisions is at night. The canary is better by day, and far worse at night. */
function drawRows(worseAtNight: number, betterByDay = 0, returning = false): Row[] {
  const random = createRandom(7)
  return days(10).flatMap((day) =>
    Array.from({ length: 400 }, (_, index): Row => {
      const night = index % 5 === 0
      const arm = Math.floor(index / 5) % 2 === 0 ? 'canary' : 'production'
      const rate = 0.2 + (arm === 'canary' ? (night ? worseAtNight : -betterByDay) : 0)
      const entity = `${night ? 'night' : 'day'} ${returning ? index : `${day} ${index}`}`
      return { entity, day, arm, loss: random() < rate ? 1 : 0 }
    }),
  )
}

const segmentsOf = ({ entity }: Row) => [entity.startsWith('night') ? 'night' : 'day']
const NAMES = ['day', 'night']
const harmed = withSegments(drawRows(0.4, 0.18), NAMES, segmentsOf)
const only = (name: string, segments: readonly SegmentSums[] | undefined) => segments?.find((one) => one.name === name)

describe('a canary that is better on the whole and harmful in one segment', () => {
  it('is promoted without segments', () => {
    const { segments: _segments, ...rest } = harmed
    expect(judge(POLICY, rest, NEVER)).toMatchObject({ action: 'promote' })
  })

  it.each(['hold', 'rollback'] as const)(
    'is ended by %s, as the policy says, and the reason names the segment',
    (onHarm) => {
      const judged = judge(policyWith({ names: NAMES, onHarm }), harmed, NEVER)
      expect(judged).toMatchObject({ action: onHarm, reason: 'segment_harm:night' })
      expect(judged.unmet).toContain('segment_harm:night')
      expect(judged.numbers.segments?.map(({ name, harmful }) => [name, harmful])).toEqual([
        ['day', false],
        ['night', true],
      ])
    },
  )

  it('is not ended while an arm has fewer labels in the segment than the policy requires', () => {
    const { challenger = 0, reference = 0 } = only('night', harmed.segments) ?? {}
    const few = Math.min(challenger, reference)
    const asked = (minMature: number) => judge(policyWith({ names: NAMES, minMature }), harmed, NEVER).action
    expect(asked(few)).toBe('hold')
    expect(asked(few + 1)).toBe('promote')
  })

  it('has a margin of its own for segments', () => {
    const asked = (harmMargin: number) => judge(policyWith({ names: NAMES, harmMargin }), harmed, NEVER).action
    expect(asked(0.1)).toBe('hold')
    expect(asked(0.4)).toBe('promote')
  })
})

describe('a segment', () => {
  it('alone never promotes, however much better it is', () => {
    const rows = drawRows(-0.2, -0.05)
    const better = withSegments(rows, NAMES, segmentsOf)
    const judged = judge(policyWith({ names: NAMES, harmMargin: 0.2 }, { objective: 'superiority' }), better, NEVER)
    expect(judged.numbers.segments?.find(({ name }) => name === 'night')?.interval?.[1]).toBeLessThan(0)
    expect(judged.action).toBe('continue')
  })

  it('that holds every decision has the interval of the whole', () => {
    const { lossBound: _bound, ...unbounded } = POLICY.judge
    const rows = drawRows(0.1, 0.05, true)
    for (const judgePolicy of [{ method: 'bounded' }, { method: 'bounded', acrossDays: 'random' }, {}] as const) {
      const bounded = 'method' in judgePolicy
      const policy = {
        ...policyWith({ names: ['all'] }),
        judge: bounded ? { ...POLICY.judge, ...judgePolicy } : unbounded,
      }
      const evidence = withSegments(rows, ['all'], () => ['all'], bounded)
      const { numbers } = judge(policy, evidence, NEVER)
      const [all] = numbers.segments ?? []
      expect(all?.effect).toBeCloseTo(numbers.effect ?? Number.NaN, 12)
      expect(all?.designEffect).toBeCloseTo(numbers.designEffect ?? Number.NaN, 9)
      const width = (interval: [number, number] | null | undefined) =>
        interval ? interval[1] - interval[0] : Number.NaN
      const ratio = width(all?.interval) / width(numbers.interval)
      // With losses that are bounded the sums permit a bound that is a little wider.
      expect(ratio).toBeGreaterThan(1 - 1e-9)
      expect(ratio).toBeLessThan(bounded ? 1.1 : 1 + 1e-9)
    }
  })

  it('with unbounded losses uses days with at most four decisions in one arm for one in the other', () => {
    const few = days(10).flatMap((day, index) =>
      Array.from({ length: 100 }, (_, row): Row => {
        const arm = row < (index < 5 ? 19 : 20) ? 'canary' : 'production'
        return { entity: `${day} ${row}`, day, arm, loss: row % 3 }
      }),
    )
    const daysOf = (bounded: boolean) => withSegments(few, ['all'], () => ['all'], bounded).segments?.[0]
    expect(daysOf(false)).toMatchObject({ days: 5, challenger: 100 })
    expect(daysOf(false)).not.toHaveProperty('unpredicted')
    expect(daysOf(true)).toMatchObject({ days: 10, challenger: 195 })
  })

  it('is tested at alpha ÷ segments, and the others at more once it is harmful (Holm)', () => {
    const width = (names: readonly string[], evidence: Evidence, name: string) => {
      const found = judge(policyWith({ names }), evidence, NEVER).numbers.segments?.find((one) => one.name === name)
      return found?.interval ? found.interval[1] - found.interval[0] : Number.NaN
    }
    const calm = withSegments(drawRows(0), ['day', 'night', 'never'], segmentsOf)
    const three = width(['day', 'night', 'never'], calm, 'day')
    expect(three).toBeGreaterThan(width(['day', 'night'], calm, 'day'))
    const harmful = withSegments(drawRows(0.5), ['day', 'night', 'never'], segmentsOf)
    const { segments = [] } = judge(policyWith({ names: ['day', 'night', 'never'] }), harmful, NEVER).numbers
    expect(segments.map(({ harmful: one }) => one)).toEqual([false, true, false])
    // Nothing changed in the day, and two segments are left.
    const [before, after] = [calm, harmful].map((one) => only('day', one.segments))
    expect(after).toEqual({ ...before, ...after })
    expect(width(['day', 'night', 'never'], harmful, 'day') / three).toBeLessThan(0.999)
  })

  it('with several harmful ones: the largest effect is the reason', () => {
    const rows = drawRows(0.5, -0.4)
    const judged = judge(
      policyWith({ names: NAMES, onHarm: 'rollback', harmMargin: 0.02 }, { harmMargin: 0.9 }),
      withSegments(rows, NAMES, segmentsOf),
      NEVER,
    )
    expect(judged.reason).toBe('segment_harm:night')
    expect(judged.unmet.slice(0, 2)).toEqual(['segment_harm:night', 'segment_harm:day'])
  })
})

describe('the segment unknown', () => {
  const evidence = withSegments(drawRows(0.5, 0.2), ['day', 'unknown'], ({ entity }) => [
    entity.startsWith('night') ? 'unknown' : 'day',
  ])

  it('is shown with its decisions, and concludes nothing', () => {
    const judged = judge(policyWith({ names: ['day'] }), evidence, NEVER)
    const unknown = judged.numbers.segments?.find(({ name }) => name === 'unknown')
    expect(unknown).toMatchObject({ harmful: false })
    expect(unknown?.challenger).toBeGreaterThan(100)
    expect(unknown?.interval?.[0]).toBeGreaterThan(0.1)
    expect(judged.action).toBe('promote')
  })
})

describe('evidence about segments that is invalid is refused by name', () => {
  const policy = policyWith({ names: NAMES })
  const night = only('night', harmed.segments) as SegmentSums
  const day = only('day', harmed.segments) as SegmentSums
  const given = (...segments: SegmentSums[]): Evidence => ({ ...harmed, segments })
  const { segments: _segments, ...without } = harmed
  it.each<[string, Evidence, RegExp]>([
    ['a segment twice', given(day, night, night), /segment night is given twice/],
    ['a segment that was not measured', given(day), /segment night of the policy was not measured; evidence has day/],
    ['no segments at all', without, /segment day of the policy was not measured; evidence has no segments/],
    ['NaN', given(day, { ...night, weightedEffect: Number.NaN }), /segment night: weightedEffect is NaN/],
    ['a negative sum', given(day, { ...night, byEntity: -1 }), /segment night: byEntity is -1/],
    ['a fractional count', given(day, { ...night, challenger: 1.5 }), /segment night: challenger is 1.5/],
    [
      'more decisions than there are',
      given(day, { ...night, reference: 1e6 }),
      /segment night: reference is 1000000 of \d+ labelled mature decisions/,
    ],
    [
      'an effect beyond the loss bound',
      given(day, { ...night, weightedEffect: 1e6 }),
      /weightedEffect is 1000000, and at/,
    ],
    ['more weight than its decisions have', given(day, { ...night, weight: 1e6 }), /weight is 1000000, and at most/],
    ['more days than are mature', given(day, { ...night, days: 99 }), /segment night: days is 99 of 10 mature days/],
    ['more days that compare', given(day, { ...night, comparableDays: 11 }), /comparableDays is 11 of 10 days/],
    ['days without weight', given(day, { ...night, weight: 0 }), /segment night: weight is 0 over 10 days/],
  ])('%s', (_what, evidence, message) => {
    expect(() => judge(policy, evidence, NEVER)).toThrow(message)
  })

  it('in version 1', () => {
    const { clusters: _clusters, ...rest } = harmed
    const cohorts = rest.cohorts.map(({ entities: _1, newEntities: _2, clusterSquares: _3, ...cohort }) => cohort)
    expect(() => judge(policy, { ...rest, cohorts, schema: 'slipway.evidence/1' }, NEVER)).toThrow(
      /segments is only in slipway.evidence\/2/,
    )
  })
})
