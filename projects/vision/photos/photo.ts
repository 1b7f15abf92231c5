/** A photo of a parcel, as a decision sees it and as a snapshot keeps it. Instants are epoch ms. */

/** Edge in pixels of what every photo is brought to: `parcel_rgb_224_v1`. */
export const EDGE = 224

/** What a decision may see. */
export interface PhotoInput {
  /** The file's bytes, JPEG or PNG, in base64. */
  readonly photo: string
  readonly shipment: string
  /** Where it was taken: the source slice. */
  readonly source: string
}

/** What a photo shows whether or not anybody looks for damage on it. */
export interface Quality {
  /** Mean grey level, 0 to 255. */
  readonly brightness: number
  /** Deviation of neighbouring pixels from one another in grey levels: low where it is out of focus. */
  readonly sharpness: number
  /** Shorter side of the file in pixels. */
  readonly size: number
}

/** 1 is yes, 0 is no. */
export type Flag = 0 | 1

/** What a reviewer said of a photo, and when. */
export interface Review {
  readonly damaged: Flag
  /** Whether anything could be judged by it. */
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
  /** Null while nobody has said anything. */
  readonly review: Review | null
  /** Whether a claim was filed, where the source tells: known only at the review. */
  readonly claim: Flag | null
  /** Where the source itself says which half of a split a photo belongs to. */
  readonly half: 'train' | 'test' | null
}

export interface LabelledPhoto extends PhotoRow {
  readonly review: Review
}
