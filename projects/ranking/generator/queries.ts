/** The queries of shoppers, how frequent each is, and which listings a plain word search finds. */

import { AISLES, BRANDS, COLOURS } from './assortment.js'
import type { TrueListing } from './catalogue.js'
import { type Draw, drawFor } from './seeded-draw.js'

export interface Wish {
  readonly text: string
  readonly aisle: number
  readonly features: readonly string[]
  readonly excluded: readonly string[]
  readonly brand: string | null
  readonly colour: string | null
  /** Share of all queries. */
  readonly share: number
  /** What the search finds. Each impression has a part of it. */
  readonly found: readonly TrueListing[]
}

const PER_AISLE = 20
const FOUND = 30

export function wishesOf(seed: number, catalogue: readonly TrueListing[]): Wish[] {
  const wishes = AISLES.flatMap((_, aisle) =>
    Array.from({ length: PER_AISLE }, (_, number) => makeWish(drawFor(seed, 2, aisle, number), aisle)),
  )
  // A few queries are frequent, most are rare.
  const order = drawFor(seed, 3).some([...wishes.keys()], wishes.length)
  const weights = wishes.map((_, index) => 1 / (10 + order.indexOf(index)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return wishes.map((wish, index) => ({
    ...wish,
    share: (weights[index] as number) / total,
    found: search(drawFor(seed, 4, index), wish, catalogue),
  }))
}

type Bare = Omit<Wish, 'share' | 'found'>

function makeWish(draw: Draw, aisle: number): Bare {
  const { nouns, features } = AISLES[aisle] as (typeof AISLES)[number]
  const noun = draw.next() < 0.7 ? nouns[0] : nouns[1]
  const [wanted = '', also = '', unwanted = ''] = draw.some(features, 3)
  const brand = draw.next() < 0.3 ? draw.pick(BRANDS) : null
  const colour = draw.next() < 0.3 ? draw.pick(COLOURS) : null
  const depth = draw.next()
  const asked = depth < 0.25 ? [] : depth < 0.65 ? [wanted] : [wanted, also]
  const excluded = depth > 0.3 && draw.next() < 0.2 ? [unwanted] : []
  const without = excluded.length > 0 ? ['without', ...excluded] : []
  const text = [brand?.toLowerCase(), ...asked, colour, noun, ...without].filter(Boolean).join(' ')
  return { text, aisle, features: asked, excluded, brand, colour }
}

/** Finds listings by words in titles, with noise, and partly in the wrong aisle. A ranker has to put them in order. */
function search(draw: Draw, wish: Bare, catalogue: readonly TrueListing[]): TrueListing[] {
  const { neighbour } = AISLES[wish.aisle] as (typeof AISLES)[number]
  return catalogue
    .filter(({ aisle }) => aisle === wish.aisle || aisle === neighbour)
    .map((item) => {
      const hits = wish.features.filter((feature) => item.claimed.has(feature)).length
      const brand = item.listing.brand === wish.brand ? 1.5 : 0
      const elsewhere = item.aisle === wish.aisle ? 0 : -1.5
      return { item, score: hits + brand + elsewhere + draw.normal() }
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, FOUND)
    .map(({ item }) => item)
}
