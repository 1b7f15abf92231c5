/** Training examples: photos of a snapshot, decoded, standardised and labelled. */
import { SlipwayError } from '../../contracts/failure.js'
import { type FeatureVersion, numbersFor } from './features.js'
import { histogramsOf } from './model/histograms.js'
import { standardised } from './model/standardise.js'
import { decode, isReadable } from './photos/decode-photo.js'
import type { LabelledPhoto } from './photos/photo.js'
import type { Pack, PackedPhoto } from './photos/photo-pack.js'

export interface Examples {
  /** Standardised photos, edge × edge × 3 each. */
  readonly photos: readonly Float32Array[]
  /** Gradient histograms of each photo. */
  readonly histograms: readonly Float32Array[]
  /** 1 is damaged. */
  readonly labels: Uint8Array
  /** Further numbers of each photo, photo by photo. */
  readonly numbers: Float32Array
}

export async function readExamples(
  pack: Pack,
  rows: readonly LabelledPhoto[],
  edge: number,
  version: FeatureVersion,
): Promise<Examples> {
  const photos: Float32Array[] = []
  const histograms: Float32Array[] = []
  for (const row of rows) {
    const pixels = await pixelsOf(pack, row)
    photos.push(standardised(pixels, edge))
    histograms.push(histogramsOf(pixels))
  }
  return {
    photos,
    histograms,
    labels: Uint8Array.from(rows, ({ review }) => review.damaged),
    numbers: Float32Array.from(rows.flatMap((row) => numbersFor(version, row))),
  }
}

/** The gradient histograms of each photo, and 1 for each that is damaged. */
export async function readHistograms(
  pack: Pack,
  rows: readonly LabelledPhoto[],
): Promise<Pick<Examples, 'histograms' | 'labels'>> {
  const histograms: Float32Array[] = []
  for (const row of rows) histograms.push(histogramsOf(await pixelsOf(pack, row)))
  return { histograms, labels: Uint8Array.from(rows, ({ review }) => review.damaged) }
}

/** @throws SlipwayError BadData when a photo that was readable at import no longer is */
export async function pixelsOf(pack: Pack, row: LabelledPhoto): Promise<Uint8Array> {
  const decoded = await decode(await pack.bytesOf(row as LabelledPhoto & PackedPhoto))
  if (isReadable(decoded)) return decoded.pixels
  throw new SlipwayError('BadData', `the snapshot's copy of ${row.file} is ${decoded}; import it again`)
}
