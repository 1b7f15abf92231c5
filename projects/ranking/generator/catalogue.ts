/** Listings of the generated shop, each with its truth, which no ranker can see. */
import type { Listing } from '../listing.js'
import { AISLES, type Aisle, BRANDS, COLOURS } from './assortment.js'
import { type Draw, drawFor } from './seeded-draw.js'

export interface TrueListing {
  readonly listing: Listing
  readonly aisle: number
  /** Features that the title claims, and those it has. Some sellers claim more. */
  readonly claimed: ReadonlySet<string>
  readonly actual: ReadonlySet<string>
  /** Standard normal. The rating shows it with noise. */
  readonly quality: number
  /** Logarithm of the price over the usual price of the aisle. */
  readonly dearness: number
  /** Logarithm of the mean weekly units. It depends on fame and advertising more than on quality. */
  readonly fame: number
  /** Length of one wave of fashion in days, and the phase of day 0, in waves. */
  readonly wave: { readonly days: number; readonly start: number }
  /** From this day on the listing is blocked. */
  readonly blockedFrom: number
}

const PER_AISLE = 75
/** Share of listings that become blocked within a year. */
const BLOCKED = 0.08
const EXAGGERATORS = 0.2

export function catalogueOf(seed: number): TrueListing[] {
  return AISLES.flatMap((aisle, index) =>
    Array.from({ length: PER_AISLE }, (_, number) =>
      makeListing(drawFor(seed, 1, index, number), aisle, index, number),
    ),
  )
}

function makeListing(draw: Draw, aisle: Aisle, index: number, number: number): TrueListing {
  const brand = draw.pick(BRANDS)
  const colour = draw.pick(COLOURS)
  const features = draw.some(aisle.features, 5)
  const actual = features.slice(0, 2 + Math.floor(draw.next() * 2))
  const exaggerates = draw.next() < EXAGGERATORS
  const claimed = exaggerates ? features : actual.slice(0, Math.max(1, actual.length - (draw.next() < 0.3 ? 1 : 0)))
  const quality = draw.normal()
  const dearness = 0.15 * quality + 0.4 * draw.normal()
  const fame = 3 + 0.4 * quality + 0.8 * draw.normal() + (draw.next() < 0.1 ? 1.2 : 0)
  const stars = 3.9 + 0.5 * quality + 0.25 * draw.normal()
  const noun = draw.next() < 0.75 ? aisle.nouns[0] : aisle.nouns[1]
  const waits = draw.next() < BLOCKED ? Math.floor(draw.next() * 365) : Number.POSITIVE_INFINITY
  return {
    listing: {
      id: `L${index}${String(number).padStart(3, '0')}`,
      title: titled([brand, ...claimed, noun, colour]),
      brand,
      category: aisle.name,
      colour,
      text: `${titled([noun])} by ${brand}. Features: ${actual.join(', ')}. In ${colour}.`,
      price: Math.round(aisle.price * Math.exp(dearness) * 100) / 100,
      rating: Math.round(10 * Math.min(5, Math.max(1, stars))) / 10,
      ratings: Math.round(Math.exp(fame + 1.5 + 0.3 * draw.normal())),
    },
    aisle: index,
    claimed: new Set(claimed),
    actual: new Set(actual),
    quality,
    dearness,
    fame,
    wave: { days: 8 + Math.floor(draw.next() * 12), start: draw.next() },
    // Half of the blocked ones are blocked from the first day on.
    blockedFrom: draw.next() < 0.5 && Number.isFinite(waits) ? 0 : waits,
  }
}

const titled = (words: readonly string[]): string =>
  words.map((word) => word.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())).join(' ')
