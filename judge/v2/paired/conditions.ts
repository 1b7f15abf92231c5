import type { Evidence, Judgement, PromotionPolicy } from '../../../contracts/types.js'
import { unmetByMeasurement } from '../../conditions.js'
import { unmetByPromotion } from '../conditions.js'
import type { Effect } from '../effects.js'
import { sequenceBoundary } from '../sequence.js'
import type { Settings } from '../settings.js'

/** Conditions that are about the canary's interval: the shadow's takes its place. */
const BY_THE_SHADOW: readonly string[] = [
  'no_variance',
  'arms_unbalanced',
  'too_few_days',
  'too_little_new_information',
  'inconclusive',
]

/**
 * What a canary still has to show after its shadow has shown what the objective requires. Null where the policy or the
 * shadow gives it no such right.
 */
export function unmetAfterShadow(
  numbers: Judgement['numbers'],
  effect: Effect,
  { settings, policy, arms }: { settings: Settings; policy: PromotionPolicy; arms: Evidence['arms'] },
): string[] | null {
  const minMature = policy.shadow?.paired?.canaryMinMature
  if (arms.challenger !== 'canary' || minMature === undefined || numbers.paired?.unmet.length !== 0) return null
  const unmet = [
    ...unmetByMeasurement(numbers, { ...settings, minMature }),
    // Days disagree where Q says so: the rule for few days is about a conclusion from them, which the shadow has made.
    ...unmetByPromotion(numbers, { ...effect, interval: null }, settings),
  ]
  const contradicts = numbers.conclusions.includes('harmful') || canaryContradicts(effect, settings)
  return [
    ...unmet.filter((code) => !BY_THE_SHADOW.includes(code)),
    ...(contradicts ? ['canary_contradicts_shadow'] : []),
  ]
}

/** The canary's own interval excludes what the shadow has shown, however few labels it has. */
function canaryContradicts({ measured }: Effect, settings: Settings): boolean {
  if (!measured) return false
  const { objective, margins } = settings
  const width = sequenceBoundary(measured.information, settings) * measured.standardError
  const [low, high] = [measured.effect - width, measured.effect + width]
  if (objective === 'equivalence') return low > margins.tolerance || high < -margins.tolerance
  return low > (objective === 'superiority' ? 0 : margins.nonInferiority)
}
