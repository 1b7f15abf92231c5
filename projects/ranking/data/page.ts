/** A snapshot's rows: the catalogue, and each results page with its known outcome. */
import type { Listing } from '../listing.js'

/** How the page was ordered: by sales, at random, or not at all, as people graded the listings of a judged query. */
export type PageOrder = 'popular' | 'shuffled' | 'judged'

export interface PageItem {
  readonly listing: string
  readonly sold: number | null
  readonly blocked: boolean
  readonly inStock: boolean
  /** Counted from 1; null if the listing was not shown or the page is judged. */
  readonly position: number | null
  /** Whether the listing's own page was opened. */
  readonly viewed: boolean
  /** The gain after returns, or from the grade; null while unknown, or if the listing was not shown. */
  readonly gain: number | null
}

export interface Page {
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  readonly query: string
  readonly order: PageOrder
  readonly items: readonly PageItem[]
}

export interface Rows {
  readonly listings: ReadonlyMap<string, Listing>
  /** In order of time. */
  readonly pages: readonly Page[]
}

/** Whether any of the page's gains is known. */
export const isLabelled = ({ items }: Page): boolean => items.some(({ gain }) => gain !== null)
