/**
 * Evidence in, judgement out. Pure: no clock, no I/O, and the same judgement for the same evidence permanently. It
 * moves nothing.
 */
import type { Evidence, Judgement, PromotionPolicy } from '../contracts/types.js'
import { judge1 } from './judge-1.js'
import { judge2 } from './v2/judge-2.js'

/**
 * The version of the policy selects the judge, so that a release is judged to its end by the judge it began with.
 * @param deadline ISO instant; from then on an undecided canary is `hold`, never a pass
 * @throws SlipwayError JudgeFailed when the evidence or a number made from it is not finite, or contradicts itself
 */
export const judge = (policy: PromotionPolicy, evidence: Evidence, deadline: string): Judgement =>
  (policy.schema === 'slipway.policy/1' ? judge1 : judge2)(policy, evidence, deadline)
