/** One day of the generated shop: each query, the results page that was shown, and its outcome. */
import { DAY_MS } from '../../../contracts/duration.js'
import type { Candidate } from '../listing.js'
import { RETURN_WINDOW_MS } from '../policy.js'
import type { TrueListing } from './catalogue.js'
import type { Wish } from './queries.js'
import { type Draw, drawFor } from './seeded-draw.js'
import { FIRST_DAY, type World } from './shop-world.js'
import { chancesOf, type GAINS, looksAt } from './shopper-truth.js'
import { fashionAt } from './situations.js'

export interface Outcome {
  readonly outcome: keyof typeof GAINS
  /** Epoch ms. */
  readonly knownAt: number
}

export interface Item {
  readonly truth: TrueListing
  readonly candidate: Candidate
  /** What the shopper does after looking at the listing. */
  readonly would: Outcome
  /** Position on the page, counted from 1; null if the listing was not eligible. */
  readonly position: number | null
  readonly looked: boolean
}

export interface Happening {
  readonly id: string
  readonly at: number
  readonly shopper: string
  readonly wish: Wish
  /** Every fifth page is in random order, to measure position bias. */
  readonly shuffled: boolean
  readonly items: readonly Item[]
}

const CANDIDATES = 20
const SHOPPERS = 4_000
const OUT_OF_STOCK = 0.06
const SHUFFLED = 0.2
const HOUR_MS = 3_600_000

/** @param day days since 1970 */
export function happeningsOf(world: World, day: number): Happening[] {
  const draw = drawFor(world.seed, 5, day)
  const today = new Map<TrueListing, Candidate>()
  const candidateOf = (item: TrueListing) => {
    const known = today.get(item) ?? candidateOn(world, item, day)
    today.set(item, known)
    return known
  }
  return Array.from({ length: world.perDay }, (_, number) => {
    const wish = world.wishAt(draw.next())
    const at = Math.floor(day * DAY_MS + ((number + draw.next()) * DAY_MS) / world.perDay)
    const shopper = `shopper-${Math.floor(draw.next() * SHOPPERS)}`
    const shuffled = draw.next() < SHUFFLED
    const found = draw.some(wish.found, CANDIDATES)
    const candidates = found.map(candidateOf)
    const places = shuffled ? draw.some([...found.keys()], found.length) : byPopularity(candidates)
    const positions = positionsOf(candidates, places)
    const items = found.map((truth, index) => {
      const position = positions[index] ?? null
      const would = outcomeOf(draw, world, { wish, truth, at, day })
      const looked = draw.next() < (position === null ? 0 : looksAt(position))
      return { truth, candidate: candidates[index] as Candidate, would, position, looked }
    })
    return { id: `${day}-${number}`, at, shopper, wish, shuffled, items }
  })
}

function candidateOn(world: World, item: TrueListing, day: number): Candidate {
  const { listing, fame, blockedFrom } = item
  const draw = drawFor(world.seed, 6, day, Number(listing.id.slice(1)))
  // The units of the seven days before are, on average, half a week old.
  const sold = Math.round(Math.exp(fame + 0.4 * fashionAt(item, day - 4) + 0.2 * draw.normal()))
  const broken = world.situation.name === 'broken_feed' && day >= world.situation.day
  return {
    ...listing,
    ...(broken ? { rating: null, sold: null } : { sold }),
    inStock: draw.next() >= OUT_OF_STOCK,
    blocked: day - FIRST_DAY >= blockedFrom,
  }
}

/** The order that production always used. */
const byPopularity = (candidates: readonly Candidate[]): number[] =>
  [...candidates.keys()].sort((a, b) => (candidates[b]?.sold ?? 0) - (candidates[a]?.sold ?? 0) || a - b)

function positionsOf(candidates: readonly Candidate[], places: readonly number[]): (number | undefined)[] {
  const shown = places.filter((index) => !candidates[index]?.blocked && candidates[index]?.inStock)
  const positions: (number | undefined)[] = candidates.map(() => undefined)
  shown.forEach((index, place) => {
    positions[index] = place + 1
  })
  return positions
}

/** No purchase is known after an hour, a return when it happens, a kept purchase at the end of the return window. */
function outcomeOf(
  draw: Draw,
  world: World,
  { wish, truth, at, day }: { wish: Wish; truth: TrueListing; at: number; day: number },
): Outcome {
  const { view, buy, sendBack } = chancesOf(wish, truth, day, world.situation)
  const [viewed, bought, back, after] = [draw.next() < view, draw.next() < buy, draw.next() < sendBack, draw.next()]
  if (!viewed) return { outcome: 'nothing', knownAt: at + HOUR_MS }
  if (!bought) return { outcome: 'viewed', knownAt: at + HOUR_MS }
  return back
    ? { outcome: 'returned', knownAt: Math.floor(at + (0.2 + 0.7 * after) * RETURN_WINDOW_MS) }
    : { outcome: 'kept', knownAt: at + RETURN_WINDOW_MS }
}
