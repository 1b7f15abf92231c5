/**
 * The exact behaviour of shoppers. They open what seems to fit, buy what fits, and return what does not match its title
 * or has low quality. No ranker reads these numbers; tests use them to know how good an order can be.
 */
import type { TrueListing } from './catalogue.js'
import type { Wish } from './queries.js'
import { dearnessWeight, fashionAt, type Situation } from './situations.js'

/** The gain of each outcome. A returned purchase has none. */
export const GAINS = { kept: 1, viewed: 0.1, returned: 0, nothing: 0 } as const
/** The gain of a blocked listing: any slate that shows it has the greatest loss. */
export const FORBIDDEN = -1

export interface Chances {
  readonly view: number
  readonly buy: number
  readonly sendBack: number
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

export function chancesOf(wish: Wish, item: TrueListing, day: number, situation: Situation): Chances {
  const price = dearnessWeight(day, situation) * item.dearness
  const fashion = fashionAt(item, day)
  const stars = ((item.listing.rating ?? 3.9) - 3.9) / 0.5
  return {
    view: sigmoid(suits(wish, item, item.claimed) + 0.4 * stars - price + 1.2 * fashion - 1),
    buy: sigmoid(0.8 * suits(wish, item, item.actual) + 0.4 * item.quality - 0.5 * price + 1 * fashion - 0.4),
    sendBack: sigmoid(-1.4 - 0.9 * item.quality + (item.claimed.size > item.actual.size ? 1.5 : 0)),
  }
}

export const expectedGain = ({ view, buy, sendBack }: Chances): number =>
  view * (buy * (1 - sendBack) * GAINS.kept + (1 - buy) * GAINS.viewed)

function suits(wish: Wish, item: TrueListing, has: ReadonlySet<string>): number {
  return (
    (item.aisle === wish.aisle ? 0.3 : -2) +
    wish.features.reduce((sum, feature) => sum + choose(has.has(feature), 0.7, -0.8), 0) +
    wish.excluded.reduce((sum, feature) => sum + choose(has.has(feature), -1.5, 0.1), 0) +
    (wish.brand === null ? 0 : choose(item.listing.brand === wish.brand, 1.2, -0.4)) +
    (wish.colour === null ? 0 : choose(item.listing.colour === wish.colour, 0.6, -0.2))
  )
}

const choose = (holds: boolean, yes: number, no: number): number => (holds ? yes : no)

/** The probability that a shopper looks as far down as this position, counted from 1 (Joachims et al. 2017). */
export const POSITION_EXPONENT = 0.6
export const looksAt = (position: number): number => position ** -POSITION_EXPONENT
