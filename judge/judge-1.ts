/**
 * Judge 1, for `slipway.policy/1`: the same judgement for the same evidence permanently (docs/decisions/031).
 */
import type { Evidence, Judgement, PromotionPolicy } from '../contracts/types.js'
import { checkEvidence, checkNumbers } from './check-evidence.js'
import { unmetByMeasurement, unmetByPromotion } from './conditions.js'
import { decide } from './decide.js'
import { measure } from './measure.js'
import { settingsOf } from './settings.js'

/**
 * @param deadline ISO instant; from then on an undecided canary is `hold`, never a pass
 * @throws SlipwayError JudgeFailed when the evidence or a number made from it is not finite, or contradicts itself
 */
export function judge1(policy: PromotionPolicy, evidence: Evidence, deadline: string): Judgement {
  checkEvidence(evidence)
  const settings = settingsOf(policy.judge, evidence.arms.challenger === 'production')
  const numbers = measure(settings, evidence)
  checkNumbers(numbers)
  const unmeasured = unmetByMeasurement(numbers, settings)
  const sound = unmeasured.length === 0
  const unmet = [
    ...unmeasured,
    ...(sound && numbers.interval === null ? ['too_little_new_information'] : []),
    ...unmetByPromotion(numbers, settings),
  ]
  const decision = decide(settings, evidence, { numbers, unmet, sound }, deadline)
  return { schema: 'slipway.judgement/1', ...decision, unmet, numbers }
}
