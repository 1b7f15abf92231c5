/** The inputs of each feature version's model, and when each becomes known. The leakage gate reads this table. */
import type { FeatureDefinition } from '../kit/feature-table.js'
import type { PhotoRow } from './photos/photo.js'

export type KnownAt = 'when the photo is taken' | 'at the review'

interface InputDefinition extends FeatureDefinition<KnownAt> {
  /**
   * The value for a photo of a snapshot; NaN where the source has none. Null for the photo itself, which is no number.
   */
  readonly number: ((row: PhotoRow) => number) | null
}

export const INPUTS = {
  photo: { known: 'when the photo is taken', number: null },
  claim_filed: { known: 'at the review', number: ({ claim }) => claim ?? Number.NaN },
} as const satisfies Record<string, InputDefinition>

export type InputName = keyof typeof INPUTS

/** Feature versions. `…_claim` leaks on purpose; `…_all_v1` uses no input: every photo is reviewed. */
export const FEATURE_VERSIONS = {
  parcel_rgb_224_v1: ['photo'],
  parcel_rgb_224_claim: ['photo', 'claim_filed'],
  parcel_review_all_v1: [],
} as const satisfies Record<string, readonly InputName[]>

export type FeatureVersion = keyof typeof FEATURE_VERSIONS

/** Inputs that are numbers, in order. */
export const numbersOf = (version: FeatureVersion): InputName[] =>
  (FEATURE_VERSIONS[version] as readonly InputName[]).filter((name) => INPUTS[name].number !== null)

/** The numbers of a snapshot's photo. An unknown value counts as 0, as it does live. */
export const numbersFor = (version: FeatureVersion, row: PhotoRow): number[] =>
  numbersOf(version).map((name) => {
    const value = (INPUTS[name] as InputDefinition).number?.(row) ?? 0
    return Number.isNaN(value) ? 0 : value
  })
