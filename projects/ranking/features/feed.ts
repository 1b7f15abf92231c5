/** The nightly feed: how often each listing was opened when it was shown on the day before, by midnight. */
import { DAY_MS } from '../../../contracts/duration.js'
import { ownValue } from '../../kit/own-value.js'
import type { Page } from '../data/page.js'

/** By listing. */
export type Feed = Readonly<Record<string, number>>

/** Shrinks rates towards one in five, as if each listing had been shown five times more. */
const PRIOR = { views: 1, shown: 5 }

/** View rates of the day before, for each day (number since 1970). */
export function feedsByDay(pages: readonly Page[]): Map<number, Feed> {
  const tallies = new Map<number, Map<string, { views: number; shown: number }>>()
  for (const { at, items } of pages) {
    const day = Math.floor(at / DAY_MS) + 1
    const tally = tallies.get(day) ?? new Map<string, { views: number; shown: number }>()
    tallies.set(day, tally)
    for (const { listing, position, viewed } of items) {
      if (position === null) continue
      const own = tally.get(listing) ?? { ...PRIOR }
      tally.set(listing, own)
      own.shown += 1
      own.views += viewed ? 1 : 0
    }
  }
  return new Map([...tallies].map(([day, tally]) => [day, ratesOf(tally)]))
}

const ratesOf = (tally: ReadonlyMap<string, { views: number; shown: number }>): Feed =>
  Object.fromEntries([...tally].map(([listing, { views, shown }]) => [listing, views / shown]))

/**
 * The feed delivers ranks, 1 for the most viewed, but training read rates. Offline numbers cannot show this mistake.
 */
export function asDelivered(rates: Feed): Feed {
  const order = Object.entries(rates).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return Object.fromEntries(order.map(([listing], index) => [listing, index + 1]))
}

/** The feature's value. */
export const rateIn = (feed: Feed, listing: string): number => ownValue(feed, listing) ?? Number.NaN
