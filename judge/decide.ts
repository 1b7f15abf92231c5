/**
 * What measured evidence concludes, in judge 1 and 2. Recorded judgements must never change (docs/decisions/031): a
 * judge that is to decide otherwise gets a rule of its own.
 */
import type { Evidence, Judgement } from '../contracts/types.js'
import { REQUIRED } from './conditions.js'
import { ESTIMATED_HARM, estimatePauses } from './early-estimate.js'
import { planIsOver } from './group-sequential/plan.js'
import type { Settings } from './settings.js'

type Decision = Pick<Judgement, 'action' | 'reason'>

interface Measured {
  readonly numbers: Judgement['numbers']
  /** Conditions of a promotion that fail, the most important first. */
  readonly unmet: readonly string[]
  /** Everything could be measured. */
  readonly sound: boolean
  /** What harm in a segment does; judge 2 only. */
  readonly inSegment?: Decision | undefined
}

/** @param deadline ISO instant; from then on an undecided canary is `hold`, never a pass */
export function decide(settings: Settings, evidence: Evidence, measured: Measured, deadline: string): Decision {
  const decision = undated(settings, evidence, measured)
  const late = Date.parse(evidence.asOf) >= Date.parse(deadline)
  return late && decision.action === 'continue' ? { action: 'hold', reason: `deadline:${decision.reason}` } : decision
}

/**
 * In order of priority: a breach, measured harm, measured harm in a segment, estimated harm, and only then a promotion.
 */
function undated(
  settings: Settings,
  { breaches, looks }: Evidence,
  { numbers, unmet, sound, inSegment }: Measured,
): Decision {
  const breach = breaches.find(({ power }) => power === 'rollback') ?? breaches[0]
  if (breach) return { action: breach.power, reason: `breach:${breach.signal}` }
  if (sound && numbers.conclusions.includes('harmful')) return { action: 'rollback', reason: 'harm' }
  if (inSegment) return inSegment
  if (estimatePauses(numbers.estimate, settings, looks)) return { action: 'pause', reason: ESTIMATED_HARM }
  const [first] = unmet
  if (first === undefined) return { action: 'promote', reason: REQUIRED[settings.objective] }
  // All alpha is spent: no later look can conclude anything.
  if (planIsOver([...looks, numbers])) return { action: 'hold', reason: 'plan_exhausted' }
  return { action: 'continue', reason: first }
}
