/**
 * Judge 2, for `slipway.policy/2`: the entity is the unit, every number that decides is stratified by day, and the tail
 * of the losses and the difference between days count (docs/decisions/160).
 */
import { HARM_IN_SHADOW } from '../../contracts/activities.js'
import { segmentHarm } from '../../contracts/segments.js'
import type { Evidence, Judgement, PromotionPolicy } from '../../contracts/types.js'
import { checkNumbers } from '../check-evidence.js'
import { REQUIRED, unmetByMeasurement } from '../conditions.js'
import { decide } from '../decide.js'
import { checkEvidence } from './check-evidence.js'
import { unmetByPromotion } from './conditions.js'
import { effectsOf } from './effects.js'
import { measure } from './measure.js'
import { unmetAfterShadow } from './paired/conditions.js'
import { judgePaired } from './paired/judge-paired.js'
import { judgeSegments } from './segments/judge-segments.js'
import { settings2 } from './settings.js'

/** See `judge` in judge/judge.ts. */
export function judge2(policy: PromotionPolicy, evidence: Evidence, deadline: string): Judgement {
  const { arms } = evidence
  const rule = policy.shadow?.paired
  const settings = settings2(policy.judge, arms.challenger === 'production', rule ? 2 : 1)
  checkEvidence(evidence, settings, policy)
  const segments = judgeSegments(policy, settings, evidence)
  const paired = rule && evidence.paired ? judgePaired(settings, evidence.paired) : null
  const effects = effectsOf(settings, evidence)
  const numbers = {
    ...measure(settings, evidence, effects),
    ...(segments ? { segments: segments.numbers } : {}),
    ...(paired ? { paired: paired.numbers } : {}),
  }
  checkNumbers(numbers)
  const unmeasured = unmetByMeasurement(numbers, settings)
  const own = [...unmeasured, ...unmetByPromotion(numbers, effects.forPromotion, settings)]
  const shorter = own.length > 0 ? unmetAfterShadow(numbers, effects.forPromotion, { settings, policy, arms }) : null
  const shown = `${REQUIRED[settings.objective]}_in_shadow`
  const inShadow = paired !== null && arms.challenger === 'shadow'
  const harmed = segments?.harmed.map(({ name }) => segmentHarm(name)) ?? []
  const unmet = inShadow ? paired.numbers.unmet : [...harmed, ...(shorter ?? own)]
  // A shadow continues, whatever it has shown: no judgement begins the first step.
  const reasons = inShadow && unmet.length === 0 ? [shown] : unmet
  const measured = { numbers, unmet: reasons, sound: unmeasured.length === 0, inSegment: inSegment() }
  const decision = decide(settings, evidence, measured, deadline)
  return { schema: 'slipway.judgement/2', ...withShadow(), unmet, numbers }

  function inSegment() {
    const [worst] = harmed
    // Losses that may not count make no harm either.
    return segments && worst !== undefined && !unmeasured.includes('loss_beyond_bound')
      ? ({ action: segments.onHarm, reason: worst } as const)
      : undefined
  }

  function withShadow(): Pick<Judgement, 'action' | 'reason'> {
    const harm = rule && paired?.harmful && evidence.breaches.length === 0 && decision.action !== 'rollback'
    if (harm) return { action: rule.onHarm, reason: HARM_IN_SHADOW }
    return decision.action === 'promote' && shorter ? { ...decision, reason: shown } : decision
  }
}
