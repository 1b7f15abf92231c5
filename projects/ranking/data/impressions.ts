/** A page of the snapshot as the input of a decision. */
import type { Candidate, Impression, Listing } from '../listing.js'
import type { Page, PageItem } from './page.js'

/** @param items which of the page's; all by default */
export function impressionOf(
  { query, items: all }: Page,
  listings: ReadonlyMap<string, Listing>,
  items: readonly PageItem[] = all,
): Impression {
  return { query, candidates: items.map((item) => candidateOf(item, listings)) }
}

function candidateOf(item: PageItem, listings: ReadonlyMap<string, Listing>): Candidate {
  const listing = listings.get(item.listing)
  if (!listing) throw new RangeError(`listing ${item.listing} of a page is not in the snapshot's catalogue`)
  const { id, title, brand, category, colour, text, price, rating, ratings } = listing
  const { sold, blocked, inStock } = item
  return { id, title, brand, category, colour, text, price, rating, ratings, sold, blocked, inStock }
}
