/**
 * A scoring that failed is evidence: the release with production's place answered instead, and the decision stays in
 * its arm with the loss that the policy states for a failure, so that no candidate looks better by failing on hard
 * inputs.
 */
import type { PromotionPolicy } from './types.js'

/** Name in the label of such a decision. It is there from the first version on, and in every later one. */
export const SCORING_FAILED = 'scoring_failed'

type Label = number | Readonly<Record<string, number>>

export const isScoringFailure = (label: unknown): boolean =>
  typeof label === 'object' && label !== null && SCORING_FAILED in label

/** What a decision is labelled with at once when the scoring failed. */
export const FAILURE_LABEL: Label = { [SCORING_FAILED]: 1 }

/** A label that arrives later is kept beside the failure; it does not change the loss. */
export const labelAfterFailure = (label: Label): Label =>
  isScoringFailure(label) ? label : { ...(typeof label === 'number' ? { label } : label), [SCORING_FAILED]: 1 }

/**
 * Loss of a decision whose scoring failed, in the project's unit; null where a failure is an error to the caller and no
 * evidence, as in `slipway.policy/1`.
 */
export function failureLossOf({ schema, judge }: Pick<PromotionPolicy, 'schema' | 'judge'>): number | null {
  if (schema === 'slipway.policy/1') return null
  return judge.failureLoss ?? judge.lossBound?.highest ?? null
}
