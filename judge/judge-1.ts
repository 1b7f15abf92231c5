/**
 * Judge 1, for `slipway.policy/1`: the same judgement for the same evidence permanently (docs/decisions/031).
 */
import type { Evidence, Judgement, PromotionPolicy } from '../contracts/types.js'
import { checkEvidence, checkNumbers } from './check-evidence.js'
import { REQUIRED, unmetByMeasurement, unmetByPromotion } from './conditions.js'
import { ESTIMATED_HARM, estimatePauses } from './early-estimate.js'
import { planIsOver } from './group-sequential/plan.js'
import { measure } from './measure.js'
import { type Settings, settingsOf } from './settings.js'

type Decision = Pick<Judgement, 'action' | 'reason'>

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
  const decision = decide(settings, evidence, numbers, unmet, sound)
  const late = Date.parse(evidence.asOf) >= Date.parse(deadline)
  const final: Decision =
    late && decision.action === 'continue' ? { action: 'hold', reason: `deadline:${decision.reason}` } : decision
  return { schema: 'slipway.judgement/1', ...final, unmet, numbers }
}

/** In order of priority: a breach, measured harm, estimated harm, and only then a promotion. */
function decide(
  settings: Settings,
  { breaches, looks }: Evidence,
  numbers: Judgement['numbers'],
  unmet: readonly string[],
  sound: boolean,
): Decision {
  const breach = breaches.find(({ power }) => power === 'rollback') ?? breaches[0]
  if (breach) return { action: breach.power, reason: `breach:${breach.signal}` }
  if (sound && numbers.conclusions.includes('harmful')) return { action: 'rollback', reason: 'harm' }
  if (estimatePauses(numbers.estimate, settings, looks)) return { action: 'pause', reason: ESTIMATED_HARM }
  const [first] = unmet
  if (first === undefined) return { action: 'promote', reason: REQUIRED[settings.objective] }
  // All alpha is spent: no later look can conclude anything.
  if (planIsOver([...looks, numbers])) return { action: 'hold', reason: 'plan_exhausted' }
  return { action: 'continue', reason: first }
}
