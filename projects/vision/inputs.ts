/** What a feature version's model is given besides the photo, and when each input is known. */
import type { PhotoRow } from './photos/photo.js'

interface InputDefinition {
  readonly known: 'when the photo is taken' | 'at the review'
  /** Of a kept photo; NaN where the source does not tell. The photo itself has no number. */
  readonly number: ((row: PhotoRow) => number) | null
}

export const INPUTS = {
  photo: { known: 'when the photo is taken', number: null },
  claim_filed: { known: 'at the review', number: ({ claim }) => claim ?? Number.NaN },
} as const satisfies Record<string, InputDefinition>

export type InputName = keyof typeof INPUTS

/** 224 × 224 red, green, blue; a version named `…_claim` leaks, `…_all_v1` looks at nothing. */
export const FEATURE_VERSIONS = {
  parcel_rgb_224_v1: ['photo'],
  parcel_rgb_224_claim: ['photo', 'claim_filed'],
  parcel_review_all_v1: [],
} as const satisfies Record<string, readonly InputName[]>

export type FeatureVersion = keyof typeof FEATURE_VERSIONS

export const isFeatureVersion = (name: string): name is FeatureVersion => Object.hasOwn(FEATURE_VERSIONS, name)

/** Inputs that are numbers, in order. */
export const numbersOf = (version: FeatureVersion): InputName[] =>
  (FEATURE_VERSIONS[version] as readonly InputName[]).filter((name) => INPUTS[name].number !== null)

/** A kept photo's numbers; what is not known counts as 0, as it does live. */
export const numbersFor = (version: FeatureVersion, row: PhotoRow): number[] =>
  numbersOf(version).map((name) => {
    const value = (INPUTS[name] as InputDefinition).number?.(row) ?? 0
    return Number.isNaN(value) ? 0 : value
  })
