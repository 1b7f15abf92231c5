/** What a shop lists, and one results page: a query and the listings that could answer it. */

/** A row of the catalogue. */
export interface Listing {
  readonly id: string
  readonly title: string
  /** Empty where none is named: no limit per brand applies then. */
  readonly brand: string
  readonly category: string
  readonly colour: string
  /** Selling points and description. */
  readonly text: string
  readonly price: number | null
  /** Stars, 0 to 5; null where nobody rated it. */
  readonly rating: number | null
  readonly ratings: number
}

/** A listing as it stood when the query was asked. */
export interface Candidate extends Listing {
  /** Units sold in the seven days before; null where the shop does not say. */
  readonly sold: number | null
  /** Must not be shown: recalled, counterfeit, forbidden. */
  readonly blocked: boolean
  readonly inStock: boolean
}

/** One query impression: all that a ranker may see. */
export interface Impression {
  readonly query: string
  readonly candidates: readonly Candidate[]
}

export const isEligible = ({ blocked, inStock }: Candidate): boolean => !blocked && inStock
