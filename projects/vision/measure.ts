import type { MonitorWindow } from '../project.js'
import type { PhotoInput } from './photos/photo.js'

/**
 * Shares of fewer are too uncertain. With the usual 7 % unusable photos, a quarter of 30 occurs once in 2,000 windows.
 */
const FEWEST = { photos: 30, reviews: 20 } as const

/**
 * Below these limits a review has no reason, whatever a release's own thresholds are: the photo shows nothing, or
 * damage is so unlikely that one review in twenty would find any.
 */
const NOTHING_TO_SEE = { brightness: 8, sharpness: 1, size: 48 } as const
const NO_REASON = 0.05

/**
 * `unusable_photo_share`: share of photos for which another one was requested. `unsupported_escalation_share`: share of
 * reviews without a usable photo or without a probability that justifies a review. It limits a flood of reviews to a
 * day.
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
