/** The action for a photo, and what it costs once a reviewer has looked at the photo. */
import type { ActionPolicy } from '../../../contracts/types.js'
import { policyNumber } from '../../kit/action-policy.js'
import { expectedUnderProbability } from '../../kit/expected-loss.js'
import type { Label, Output } from '../../project.js'
import type { LabelledPhoto, Quality, Review } from '../photos/photo.js'
import { COSTS } from '../policy.js'

export type Action = 'retake' | 'review' | 'pass'

/** Requests another photo when this one is too dark, blurred or small. An unreadable file has the lowest quality. */
export function decide(output: Output, policy: ActionPolicy): Action {
  const short = (name: keyof Quality, limit: string) => (output[name] ?? 0) < policyNumber(policy, limit)
  const useless = short('brightness', 'minBrightness') || short('sharpness', 'minSharpness') || short('size', 'minSize')
  if (useless) return 'retake'
  return (output.probability ?? 0) >= policyNumber(policy, 'reviewThreshold') ? 'review' : 'pass'
}

/** The label of a photo: whether a reviewer confirmed damage, and whether the photo was usable. */
export const labelOf = ({ damaged, usable }: Review): { damaged: number; usable: number } => ({ damaged, usable })

/**
 * Cost points of one photo. Reviewing an unusable photo is needless even if the parcel is damaged: the reviewer has to
 * request another. A number as label means damage on a usable photo.
 */
export function loss({ action, label }: { action: string; label: Label }, policy: ActionPolicy): number {
  const { damaged = 0, usable = 1 } = typeof label === 'number' ? { damaged: label } : label
  if (action === 'retake') return usable === 1 ? policyNumber(policy, 'needlessRetake') : 0
  if (action === 'review') return damaged === 1 && usable === 1 ? 0 : policyNumber(policy, 'needlessReview')
  return damaged === 1 ? policyNumber(policy, 'missedDamage') : 0
}

/** Expected cost points of one photo before its review. The photo is assumed to be usable, which is not known yet. */
export const expectedLoss = expectedUnderProbability(loss)

/** The threshold that the costs imply for calibrated probabilities: review / (miss + review) (Elkan 2001). */
const REVIEW_THRESHOLD = COSTS.needlessReview / (COSTS.missedDamage + COSTS.needlessReview)

/** Another photo is requested below this share of the quality that the worst hundredth of the usable photos have. */
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
