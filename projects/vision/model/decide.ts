/** From what a photo shows to an action, and what that action costs once a reviewer has looked. */
import type { ActionPolicy } from '../../../contracts/types.js'
import type { Label, Output } from '../../project.js'
import type { LabelledPhoto, Quality, Review } from '../photos/photo.js'
import { COSTS } from '../policy.js'

export type Action = 'retake' | 'review' | 'pass'

const parameter = ({ parameters, version }: ActionPolicy, name: string): number => {
  const value = parameters[name]
  if (typeof value === 'number') return value
  throw new RangeError(`action policy ${version} has no number named ${name}`)
}

/** Asks for another photo where this one shows too little to judge by; a file that could not be read shows nothing. */
export function decide(output: Output, policy: ActionPolicy): Action {
  const short = (name: keyof Quality, limit: string) => (output[name] ?? 0) < parameter(policy, limit)
  const useless = short('brightness', 'minBrightness') || short('sharpness', 'minSharpness') || short('size', 'minSize')
  if (useless) return 'retake'
  return (output.probability ?? 0) >= parameter(policy, 'reviewThreshold') ? 'review' : 'pass'
}

/** What turned out of one photo: damage a reviewer confirmed, and whether anything could be judged by it. */
export const labelOf = ({ damaged, usable }: Review): { damaged: number; usable: number } => ({ damaged, usable })

/**
 * Cost points of one photo. A review of a photo that shows nothing is needless even where the parcel is damaged: the reviewer
 * has to ask for another. A bare number as label is the damage on a usable photo.
 */
export function loss({ action, label }: { action: string; label: Label }, policy: ActionPolicy): number {
  const { damaged = 0, usable = 1 } = typeof label === 'number' ? { damaged: label } : label
  if (action === 'retake') return usable === 1 ? parameter(policy, 'needlessRetake') : 0
  if (action === 'review') return damaged === 1 && usable === 1 ? 0 : parameter(policy, 'needlessReview')
  return damaged === 1 ? parameter(policy, 'missedDamage') : 0
}

/** Cost points of one photo before a reviewer has looked, as if it could be judged by: nobody knows yet whether it can. */
export const expectedLoss = ({ probability = 0 }: Output, action: string, policy: ActionPolicy): number =>
  probability * loss({ action, label: 1 }, policy) + (1 - probability) * loss({ action, label: 0 }, policy)

/** The threshold that costs imply for calibrated probabilities: review / (miss + review) (Elkan 2001). */
const REVIEW_THRESHOLD = COSTS.needlessReview / (COSTS.missedDamage + COSTS.needlessReview)

/** Photos a little worse than the worst hundredth of those that reviewers could judge by are asked for again. */
const MARGIN = 0.9

export function actionPolicyFor(photos: readonly LabelledPhoto[]): ActionPolicy {
  const usable = photos.filter(({ review }) => review.usable === 1)
  const limit = (name: keyof Quality) => {
    const sorted = usable.map((photo) => photo[name]).sort((a, b) => a - b)
    return Number(((sorted[Math.floor(sorted.length / 100)] ?? 0) * MARGIN).toFixed(3))
  }
  return policyOf(REVIEW_THRESHOLD, [limit('brightness'), limit('sharpness'), limit('size')])
}

/** Every photo goes to a reviewer. */
export const reviewAll = (): ActionPolicy => policyOf(0, [0, 0, 0])

const policyOf = (reviewThreshold: number, [minBrightness, minSharpness, minSize]: [number, number, number]) => ({
  version: 'vision_review_v1',
  parameters: { reviewThreshold: Number(reviewThreshold.toFixed(6)), minBrightness, minSharpness, minSize, ...COSTS },
})
