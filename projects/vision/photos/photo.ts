/** A photo of a parcel: as the input of a decision, and as a row of a snapshot. Instants are epoch ms. */

/** Every photo is scaled to this edge in pixels. */
export const EDGE = 224

/** The input of a decision. */
export interface PhotoInput {
  /** The file's bytes, JPEG, PNG or WebP, in base64. */
  readonly photo: string
  readonly shipment: string
  /** Where it was taken: the source slice. */
  readonly source: string
}

/** The quality of a photo, independent of any damage. */
export interface Quality {
  /** Mean grey level, 0 to 255. */
  readonly brightness: number
  /** Difference of neighbouring pixels in grey levels: low if the photo is out of focus. */
  readonly sharpness: number
  /** Shorter side of the file in pixels. */
  readonly size: number
}

/** 1 is yes, 0 is no. */
export type Flag = 0 | 1

/** A reviewer's judgement of a photo, and when it was made. */
export interface Review {
  readonly damaged: Flag
  /** Whether damage could be judged on the photo. */
  readonly usable: Flag
  readonly knownAt: number
}

/** One line of a snapshot's index. */
export interface PhotoRow extends Quality {
  /** The file's name below its folder: unique. */
  readonly file: string
  readonly shipment: string
  readonly source: string
  readonly takenAt: number
  /** Null before the review. */
  readonly review: Review | null
  /** Whether a claim was filed; null if unknown. Known only at the review. */
  readonly claim: Flag | null
  /** The half of the source's own split; null if it has none. */
  readonly half: 'train' | 'test' | null
}

export interface LabelledPhoto extends PhotoRow {
  readonly review: Review
}
