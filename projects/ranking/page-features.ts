/** Features of a snapshot's pages, including those that only a snapshot has: yesterday's views and the outcome. */
import { DAY_MS } from '../../contracts/duration.js'
import { impressionOf } from './data/impressions.js'
import type { Page, Rows } from './data/page.js'
import type { FeatureName } from './features/definitions.js'
import { type Feed, rateIn } from './features/feed.js'
import { type Extra, featuresOf, type Matrix } from './features/matrix.js'
import type { Vocabulary } from './features/vocabulary.js'

export function extraOf(pages: readonly Page[], feeds: ReadonlyMap<number, Feed>): Extra {
  return (name, list, index) => {
    const page = pages[list] as Page
    const item = page.items[index]
    if (!item) return Number.NaN
    return name === 'view_rate_yesterday'
      ? rateIn(feeds.get(Math.floor(page.at / DAY_MS)) ?? {}, item.listing)
      : item.gain === null
        ? Number.NaN
        : Math.floor(item.gain)
  }
}

export const matrixOf = (
  pages: readonly Page[],
  { listings }: Rows,
  names: readonly FeatureName[],
  vocabulary: Vocabulary,
  extra: Extra,
): Matrix =>
  featuresOf(
    pages.map((page) => impressionOf(page, listings)),
    names,
    vocabulary,
    extra,
  )
