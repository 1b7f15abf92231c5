/** The objectives of a policy, and that every unmet condition is named. */
import { describe, expect, it } from 'vitest'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import type { JudgePolicy } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { costly, DEADLINE, evidence, onDays } from './support.js'

const policyWith = (judgePolicy: Partial<JudgePolicy>) => ({
  ...toyPolicy,
  judge: { ...toyPolicy.judge, ...judgePolicy },
})
/** 30 % of production's decisions cost 1. */
const shown = (share: number, exposed = 20_000) => evidence(onDays(costly(exposed, share), costly(exposed, 0.3)))

describe('an objective', () => {
  it.each([
    ['non_inferiority', 0.302, 'promote', 'non_inferior'],
    ['superiority', 0.302, 'continue', 'inconclusive'],
    ['superiority', 0.27, 'promote', 'superior'],
    ['equivalence', 0.302, 'promote', 'equivalent'],
    // Far better is not the same.
    ['equivalence', 0.2, 'continue', 'inconclusive'],
    ['non_inferiority', 0.2, 'promote', 'non_inferior'],
  ] as const)('%s, the canary at %d against .3: %s (%s)', (objective, share, action, reason) => {
    expect(judge(policyWith({ objective }), shown(share), DEADLINE)).toMatchObject({ action, reason })
  })

  it('worse, but not by more than the harm margin, rolls nothing back', () => {
    const slightly = judge(toyPolicy, shown(0.318), DEADLINE)
    expect(slightly.numbers.interval?.[0]).toBeGreaterThan(0)
    expect(slightly).toMatchObject({ action: 'continue', reason: 'inconclusive', numbers: { conclusions: [] } })
    expect(judge(policyWith({ harmMargin: 0 }), shown(0.318), DEADLINE)).toMatchObject({ action: 'rollback' })
  })

  it('the conclusions name everything that is shown, whatever the objective', () => {
    const { numbers } = judge(policyWith({ tolerance: 0.05 }), shown(0.28), DEADLINE)
    expect(numbers.conclusions).toEqual(['superior', 'non_inferior', 'equivalent'])
    expect(numbers.margins).toEqual({ nonInferiority: 0.02, harm: 0.02, tolerance: 0.05 })
  })

  it('a design effect widens the interval by its root', () => {
    const width = (policy: typeof toyPolicy) => {
      const [low = 0, high = 0] = judge(policy, shown(0.3), DEADLINE).numbers.interval ?? []
      return high - low
    }
    expect(width(policyWith({ designEffect: 4 })) / width(toyPolicy)).toBeCloseTo(2, 12)
  })
})

describe('conditions that are not met', () => {
  it('are all named, the most important as the reason', () => {
    const given = evidence(onDays(costly(1_000, 0.3, { exposed: 1_400 }), costly(1_000, 0.3)))
    expect(judge(toyPolicy, given, DEADLINE)).toMatchObject({
      action: 'continue',
      reason: 'coverage_below_floor',
      unmet: ['coverage_below_floor', 'coverage_differs', 'sample_ratio_mismatch', 'inconclusive'],
    })
  })

  it('no labels at all: hold at the deadline, never promote', () => {
    const none = onDays({ labelled: 0, lossSum: 0, lossSumSquares: 0 }, { labelled: 0, lossSum: 0, lossSumSquares: 0 })
    expect(judge(toyPolicy, evidence(none, { asOf: DEADLINE }), DEADLINE)).toMatchObject({
      action: 'hold',
      reason: 'deadline:no_mature_labels',
      unmet: ['no_mature_labels', 'too_few_mature', 'coverage_below_floor', 'inconclusive'],
    })
  })

  it('too few days delay a promotion, not a rollback', () => {
    const policy = policyWith({ minMatureDays: 4 })
    expect(judge(policy, shown(0.2), DEADLINE)).toMatchObject({ action: 'continue', unmet: ['too_few_days'] })
    expect(judge(policyWith({ minMatureDays: 3 }), shown(0.2), DEADLINE).action).toBe('promote')
    expect(judge(policy, shown(0.4), DEADLINE).action).toBe('rollback')
  })

  it('a sample-ratio mismatch does not stop a rollback', () => {
    const lost = evidence(onDays(costly(800, 0.5), costly(1_000, 0.3)))
    expect(judge(toyPolicy, lost, DEADLINE)).toMatchObject({ action: 'rollback', reason: 'harm' })
  })
})

describe('a policy that contradicts itself', () => {
  it.each([
    [{ method: 'group_sequential' }, /groupSequential.*asks for a plan/],
    [{ groupSequential: { spending: 'pocock' } }, /plannedInformation/],
    [{ groupSequential: { spending: 'pocock', plannedInformation: 1, plannedLooks: 1 } }, /plannedInformation/],
    [{ objective: 'equivalence', nonInferiorityMargin: 0 }, /nothing is equivalent within 0/],
    [{ lossBound: { lowest: 1, highest: 1, beyond: 'refuse' } }, /above lowest/],
    [{ designEffect: 0.5 }, /designEffect/],
    [{ harmMargin: Number.NaN }, /harmMargin/],
  ])('%j is refused', (judgePolicy, message) => {
    const parsed = promotionPolicy.safeParse(policyWith(judgePolicy as Partial<JudgePolicy>))
    expect(JSON.stringify(parsed.error?.issues)).toMatch(message)
  })

  it('exposure that outlasts the deadline is refused', () => {
    const parsed = promotionPolicy.safeParse({ ...toyPolicy, exposureLasts: '14d' })
    expect(JSON.stringify(parsed.error?.issues)).toMatch(/exposureLasts.*shorter than the deadline, 14d/)
    expect(promotionPolicy.safeParse({ ...toyPolicy, exposureLasts: '13d' }).success).toBe(true)
  })
})
