/** A snapshot's rows: the catalogue, and what is known of each results page. */
import type { Listing } from '../listing.js'

/** How the page came to be in its order; a judged query was put before people who graded it, in no order. */
export type PageOrder = 'popular' | 'shuffled' | 'judged'

export interface PageItem {
  readonly listing: string
  readonly sold: number | null
  readonly blocked: boolean
  readonly inStock: boolean
  /** Counted from 1; null where it was not shown, or judged. */
  readonly position: number | null
  /** The listing's own page was opened. */
  readonly viewed: boolean
  /** What it brought after returns, or its grade; null while that is not known, or where it was not shown. */
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
