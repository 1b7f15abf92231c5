/** A shop's listings, and an impression: a query and the listings that could answer it. */

/** A row of the catalogue. */
export interface Listing {
  readonly id: string
  readonly title: string
  /** Empty when unknown: then no limit per brand applies. */
  readonly brand: string
  readonly category: string
  readonly colour: string
  /** Selling points and description. */
  readonly text: string
  readonly price: number | null
  /** Stars, 0 to 5; null without ratings. */
  readonly rating: number | null
  readonly ratings: number
}

/** A listing as of the time of the query. */
export interface Candidate extends Listing {
  /** Units sold in the seven days before; null if the shop does not report it. */
  readonly sold: number | null
  /** Must not be shown: recalled, counterfeit, forbidden. */
  readonly blocked: boolean
  readonly inStock: boolean
}

/** One query impression: the input of a decision. */
export interface Impression {
  readonly query: string
  readonly candidates: readonly Candidate[]
}

export const isEligible = ({ blocked, inStock }: Candidate): boolean => !blocked && inStock
