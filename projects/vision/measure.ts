import type { MonitorWindow } from '../project.js'
import type { PhotoInput } from './photos/photo.js'

/** Fewer say nothing: at 7 % unusable photos, as usual, a quarter of 30 comes about once in two thousand windows. */
const FEWEST = { photos: 30, reviews: 20 } as const

/**
 * Below these nobody can have reason to call a reviewer, whatever a release's own thresholds are: a file that shows nothing, or
 * damage so unlikely that one review in twenty would find any.
 */
const NOTHING_TO_SEE = { brightness: 8, sharpness: 1, size: 48 } as const
const NO_REASON = 0.05

/**
 * `unusable_photo_share`: photos that another one was asked for. `unsupported_escalation_share`: reviews without a photo to
 * review or a probability that would justify one, so that a broken threshold floods the reviewers for a day and no longer.
 */
export function measure({ decisions }: MonitorWindow<PhotoInput>): Record<string, number> {
  const retakes = decisions.filter(({ action }) => action === 'retake')
  const reviews = decisions.filter(({ action }) => action === 'review')
  const unsupported = reviews.filter(
    ({ output }) =>
      (output.probability ?? 0) < NO_REASON ||
      Object.entries(NOTHING_TO_SEE).some(([quality, least]) => (output[quality] ?? 0) < least),
  )
  return {
    ...(decisions.length < FEWEST.photos ? {} : { unusable_photo_share: retakes.length / decisions.length }),
    ...(reviews.length < FEWEST.reviews ? {} : { unsupported_escalation_share: unsupported.length / reviews.length }),
  }
}
