/**
 * Judge 2, for `slipway.policy/2`: the entity is the unit, every number that decides is stratified by day, and the tail
 * of the losses and the difference between days count (docs/decisions/160).
 */
import { segmentHarm } from '../../contracts/segments.js'
import type { Evidence, Judgement, PromotionPolicy } from '../../contracts/types.js'
import { checkNumbers } from '../check-evidence.js'
import { unmetByMeasurement } from '../conditions.js'
import { decide } from '../decide.js'
import { checkEvidence } from './check-evidence.js'
import { unmetByPromotion } from './conditions.js'
import { effectsOf } from './effects.js'
import { measure } from './measure.js'
import { checkSegments } from './segments/check.js'
import { harmIn, segmentEffects } from './segments/effects.js'
import { segmentSettings } from './segments/settings.js'
import { settings2 } from './settings.js'

/** See `judge` in judge/judge.ts. */
export function judge2(policy: PromotionPolicy, evidence: Evidence, deadline: string): Judgement {
  const settings = settings2(policy.judge, evidence.arms.challenger === 'production')
  checkEvidence(evidence, settings)
  const asked = segmentSettings(policy, settings)
  checkSegments(evidence, asked)
  const effects = effectsOf(settings, evidence)
  const segments = asked && segmentEffects(asked, evidence.segments ?? [])
  const numbers = { ...measure(settings, evidence, effects), ...(segments ? { segments } : {}) }
  checkNumbers(numbers)
  const unmeasured = unmetByMeasurement(numbers, settings)
  const harmed = harmIn(numbers)
  const unmet = [
    ...unmeasured,
    ...harmed.map(({ name }) => segmentHarm(name)),
    ...unmetByPromotion(numbers, effects.forPromotion, settings),
  ]
  const sound = unmeasured.length === 0
  // Losses that may not count make no harm either.
  const [worst] = unmeasured.includes('loss_beyond_bound') ? [] : harmed
  const inSegment = asked && worst && ({ action: asked.onHarm, reason: segmentHarm(worst.name) } as const)
  const decision = decide(settings, evidence, { numbers, unmet, sound, inSegment }, deadline)
  return { schema: 'slipway.judgement/2', ...decision, unmet, numbers }
}
