/** The shop as it is, and the ways in which it goes wrong that tests and demonstrations ask for by name. */
import type { TrueListing } from './catalogue.js'

export const SITUATIONS = {
  none: 'taste and fashion move slowly, as they do',
  drift: 'from a day on the price is all that counts',
  leak: 'the warehouse counts units sold after the fact: what will be bought is in them already',
  broken_feed: 'from a day on stars and units sold no longer arrive',
  slice_regression: 'until a day, clicks of long queries are written down for the wrong listing',
} as const

export type SituationName = keyof typeof SITUATIONS

export interface Situation {
  readonly name: SituationName
  /** The day on which it begins, or ends, counted from 1970. */
  readonly day: number
}

export const isLong = (query: string): boolean => query.split(' ').length >= 4

/** How much a dear listing is disliked: a little more towards the end of each quarter. */
export function dearnessWeight(day: number, { name, day: from }: Situation): number {
  if (name === 'drift' && day >= from) return 4
  return 0.8 + 0.7 * Math.sin((2 * Math.PI * day) / 91)
}

/** Between −1 and 1. */
export const fashionAt = ({ wave }: TrueListing, day: number): number =>
  Math.sin(2 * Math.PI * (day / wave.days + wave.start))
