/** The photos that a model learns from and is calibrated on, and what its artifact states about them. */
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { VisionModel } from './model/artifact.js'
import type { VisionParameters } from './parameters.js'
import type { LabelledPhoto, PhotoRow } from './photos/photo.js'
import { hashOf, type Parts, splitPhotos, splitShipments } from './split.js'

export type Learned = Pick<Parts, 'learn' | 'calibrate'>

/**
 * The usable photos of each part. Unusable photos hold no information about damage.
 * @throws SlipwayError BadData when a part has fewer than three photos with or without damage
 */
export function partsOf(
  rows: readonly PhotoRow[],
  parameters: VisionParameters,
  { cutoff }: SnapshotManifest,
): Learned {
  const shares = { heldOut: parameters.heldOutShare, calibration: parameters.calibrationShare }
  const parts = parameters.split === 'by_photo' ? splitPhotos(rows, shares) : splitShipments(rows, shares)
  const usable = (photos: readonly LabelledPhoto[]) => photos.filter(({ review }) => review.usable === 1)
  const learned = { learn: usable(parts.learn).slice(-parameters.mostPhotos), calibrate: usable(parts.calibrate) }
  for (const [what, photos] of [['training', learned.learn] as const, ['calibration', learned.calibrate] as const]) {
    const damaged = photos.filter(({ review }) => review.damaged === 1).length
    if (damaged >= 3 && damaged <= photos.length - 3) continue
    const problem = `${photos.length} usable photos for ${what}, ${damaged} of them damaged`
    throw new SlipwayError(
      'BadData',
      `the snapshot up to ${cutoff} has ${problem}; at least 3 of each are required: add photos`,
    )
  }
  return learned
}

export function trainedOn({ learn, calibrate }: Learned): Pick<VisionModel, 'trained' | 'rate'> {
  const photos = [...learn, ...calibrate]
  const damaged = photos.filter(({ review }) => review.damaged === 1).length
  const shipments = [...new Set(photos.map(({ shipment }) => hashOf(shipment)))].sort()
  return { trained: { shipments, rows: photos.length }, rate: damaged / photos.length }
}
