/** The plan inside the judge: what it spends at which look, and where it ends. */
import { describe, expect, it } from 'vitest'
import type { Cohort, Evidence, Judgement, JudgePolicy, PastLook } from '../../contracts/types.js'
import { judge, pastLook, replay } from '../../judge/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { costly, evidence, pair } from './support.js'

const DAY_MS = 86_400_000
const START = Date.parse('2001-01-21T00:00:00.000Z')
const FAR = '2001-12-31T00:00:00.000Z'
const at = (day: number) => new Date(START + day * DAY_MS).toISOString()

type Plan = NonNullable<JudgePolicy['groupSequential']>
const planned = (plan: Plan, judgePolicy: Partial<JudgePolicy> = {}) => ({
  ...toyPolicy,
  judge: { ...toyPolicy.judge, method: 'group_sequential' as const, groupSequential: plan, ...judgePolicy },
})

/** A day's 2,000 decisions, equally split: information 2,000. */
const day = (index: number, share: number): Cohort[] =>
  pair(at(index).slice(0, 10), costly(1_000, share), costly(1_000, 0.3))

/** Looks day by day, each with the looks before it. */
function watch(policy: typeof toyPolicy, days: readonly Cohort[][], over: Partial<Evidence> = {}): Judgement[] {
  const looks: PastLook[] = []
  return days.map((_, index) => {
    const given = evidence(days.slice(0, index + 1).flat(), { asOf: at(index + 2), looks: [...looks], ...over })
    const judged = judge(policy, given, FAR)
    looks.push(pastLook(judged))
    return judged
  })
}
const same = (count: number) => Array.from({ length: count }, (_, index) => day(index, 0.3))

describe('a group-sequential plan', () => {
  const fifths = planned({ spending: 'obrien_fleming', plannedInformation: 10_000 }, { objective: 'superiority' })

  it('spends as its information grows, with the published boundaries', () => {
    const looks = watch(fifths, same(5)).map(({ numbers }) => numbers.sequential)
    expect(looks.map((look) => look?.information)).toEqual([2_000, 4_000, 6_000, 8_000, 10_000])
    expect(looks.map((look) => Math.round(1e3 * (look?.boundary ?? 0)))).toEqual([4_877, 3_357, 2_680, 2_290, 2_031])
    expect(looks.at(-1)?.spent).toBe(0.05)
  })

  it('has no effect under another method, though a policy states it', () => {
    const policy = { ...fifths, judge: { ...fifths.judge, method: 'confidence_sequence' as const } }
    const { groupSequential: _, ...without } = policy.judge
    expect(watch(policy, same(5))).toEqual(watch({ ...policy, judge: without }, same(5)))
  })

  it('continues from the looks before when recorded evidence is judged again, at the looks of the policy', () => {
    const opened = START + DAY_MS
    const recorded = same(6).map((_, index) =>
      evidence(
        same(6)
          .slice(0, index + 1)
          .flat(),
        { asOf: at(index + 2) },
      ),
    )
    const policy = { ...fifths, lookEvery: '3d', deadline: '60d' }
    const replayed = replay(policy, policy, recorded, opened)
    const each = replayed.map(({ judgement }) => judgement.numbers)
    expect(each.map(({ asOf }) => asOf)).toEqual([at(4), at(7)])
    expect(each.map(({ sequential }) => sequential?.information)).toEqual([6_000, 12_000])
    expect(each.at(-1)?.sequential?.spent).toBe(0.05)
  })

  it('is over after its last analysis: an undecided canary is held, whatever arrives later', () => {
    const looks = watch(fifths, same(6))
    expect(looks.map(({ action }) => action)).toEqual(['continue', 'continue', 'continue', 'continue', 'hold', 'hold'])
    expect(looks[4]).toMatchObject({ reason: 'plan_exhausted', unmet: ['inconclusive'] })
    const [, , , , , late] = watch(fifths, [...same(5), day(5, 0.9)])
    expect(late).toMatchObject({
      action: 'hold',
      numbers: { interval: null, sequential: { boundary: null, spent: 0.05 } },
    })
  })

  it('a look that adds too little is not an analysis, and spends nothing', () => {
    const plan = planned({ spending: 'pocock', plannedInformation: 1_000_000 })
    const looks = watch(plan, same(12))
    const analyses = looks.map(({ numbers }) => numbers.sequential?.boundary !== null)
    // Each look adds 0.2 % of the plan: every fifth is one.
    expect(analyses).toEqual([true, ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((index) => index % 5 === 0)])
    expect(looks[1]).toMatchObject({
      action: 'continue',
      reason: 'too_little_new_information',
      numbers: { interval: null },
    })
    expect(looks[1]?.numbers.sequential?.spent).toBe(looks[0]?.numbers.sequential?.spent)
  })

  it('may count looks instead, where traffic is not known', () => {
    const looks = watch(planned({ spending: 'pocock', plannedLooks: 4 }), same(4))
    expect(looks.map(({ numbers }) => numbers.sequential?.fraction)).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('looks without enough labels are not looks of the plan', () => {
    const plan = planned({ spending: 'pocock', plannedLooks: 4 }, { minMature: 1_500 })
    const looks = watch(plan, same(3))
    expect(looks.map(({ numbers }) => numbers.sequential?.fraction ?? null)).toEqual([null, 0.25, 0.5])
  })

  it('promotes at an analysis that shows it, and rolls back at one that shows harm', () => {
    const good = Array.from({ length: 5 }, (_, index) => day(index, 0.25))
    expect(watch(fifths, good).map(({ action }) => action)).toContain('promote')
    const bad = Array.from({ length: 5 }, (_, index) => day(index, 0.4))
    expect(watch(fifths, bad).map(({ action }) => action)).toContain('rollback')
  })

  it('a design effect makes less of the same evidence', () => {
    const aware = planned({ spending: 'obrien_fleming', plannedInformation: 10_000 }, { designEffect: 2 })
    expect(watch(aware, same(2))[1]?.numbers.sequential?.information).toBe(2_000)
  })

  it('in probation it is the confidence sequence, because there is no planned information', () => {
    const arms = { challenger: 'production', reference: 'holdback' } as const
    const swapped = same(1).map((cohorts) =>
      cohorts.map((cohort) => ({ ...cohort, arm: cohort.arm === 'canary' ? arms.challenger : arms.reference })),
    )
    const [judged] = watch(fifths, swapped, { arms })
    expect(judged?.numbers).toMatchObject({
      method: 'confidence_sequence',
      sequential: null,
      interval: expect.any(Array) as number[],
    })
  })
})
