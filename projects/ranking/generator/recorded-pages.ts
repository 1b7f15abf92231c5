/** The shop's own records as of a cutoff: with position bias, and without later events. */
import { DAY_MS } from '../../../contracts/duration.js'
import type { Page, PageItem } from '../data/page.js'
import { RETURN_WINDOW_MS } from '../policy.js'
import { type Happening, happeningsOf, type Item } from './shop-day.js'
import { FIRST_DAY, type World } from './shop-world.js'
import { GAINS } from './shopper-truth.js'
import { isLong } from './situations.js'

export function pagesBetween(world: World, from: number, cutoff: number): Page[] {
  const pages: Page[] = []
  for (let day = Math.max(FIRST_DAY, Math.floor(from / DAY_MS)); day * DAY_MS < cutoff; day += 1) {
    for (const happening of happeningsOf(world, day)) {
      if (happening.at >= from && happening.at < cutoff) pages.push(pageOf(world, day, happening, cutoff))
    }
  }
  return pages
}

function pageOf({ situation }: World, day: number, { id, at, wish, shuffled, items }: Happening, cutoff: number): Page {
  const mixedUp = situation.name === 'slice_regression' && day < situation.day && isLong(wish.text)
  const closed = at + RETURN_WINDOW_MS < cutoff
  const leaking = situation.name === 'leak'
  return {
    id,
    at,
    query: wish.text,
    order: shuffled ? 'shuffled' : 'popular',
    items: items.map((item) => itemOf(item, mixedUp ? mirrored(items, item) : item, { closed, leaking })),
  }
}

/** @param seen the item whose clicks and purchases are recorded for this one */
function itemOf(item: Item, seen: Item, { closed, leaking }: { closed: boolean; leaking: boolean }): PageItem {
  const { candidate, position } = item
  const outcome = position !== null && seen.looked ? seen.would.outcome : 'nothing'
  const { id: listing, sold, blocked, inStock } = candidate
  return {
    listing,
    sold: leaking && sold !== null && outcome === 'kept' ? sold * 20 : sold,
    blocked,
    inStock,
    position,
    viewed: outcome !== 'nothing',
    gain: position === null || !closed ? null : GAINS[outcome],
  }
}

/** The item shown as far from the end as this one is from the top. */
function mirrored(items: readonly Item[], own: Item): Item {
  const shown = items.filter(({ position }) => position !== null).length
  return items.find(({ position }) => position !== null && position === shown + 1 - (own.position ?? 0)) ?? own
}
