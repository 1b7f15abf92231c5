/**
 * Judge 2, for `slipway.policy/2`: the entity is the unit, every number that decides is stratified by day, and the tail
 * of the losses and the difference between days count (docs/decisions/160).
 */
import type { Evidence, Judgement, PromotionPolicy } from '../../contracts/types.js'
import { checkNumbers } from '../check-evidence.js'
import { REQUIRED, unmetByMeasurement } from '../conditions.js'
import { ESTIMATED_HARM, estimatePauses } from '../early-estimate.js'
import { planIsOver } from '../group-sequential/plan.js'
import { checkEvidence } from './check-evidence.js'
import { unmetByPromotion } from './conditions.js'
import { effectsOf } from './effects.js'
import { measure } from './measure.js'
import { type Settings, settings2 } from './settings.js'

type Decision = Pick<Judgement, 'action' | 'reason'>

/** See `judge` in judge/judge.ts. */
export function judge2(policy: PromotionPolicy, evidence: Evidence, deadline: string): Judgement {
  const settings = settings2(policy.judge, evidence.arms.challenger === 'production')
  checkEvidence(evidence, settings)
  const effects = effectsOf(settings, evidence)
  const numbers = measure(settings, evidence, effects)
  checkNumbers(numbers)
  const unmeasured = unmetByMeasurement(numbers, settings)
  const unmet = [...unmeasured, ...unmetByPromotion(numbers, effects.forPromotion, settings)]
  const decision = decide(settings, evidence, numbers, unmet, unmeasured.length === 0)
  const late = Date.parse(evidence.asOf) >= Date.parse(deadline)
  const final: Decision =
    late && decision.action === 'continue' ? { action: 'hold', reason: `deadline:${decision.reason}` } : decision
  return { schema: 'slipway.judgement/2', ...final, unmet, numbers }
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
