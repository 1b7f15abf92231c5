/** Situations of the generated shop that tests and demonstrations select by name. */
import type { TrueListing } from './catalogue.js'

export const SITUATIONS = {
  none: 'taste and fashion change slowly',
  drift: 'from a day on, only the price matters',
  leak: 'units sold already include what will be bought: a leak in the data',
  broken_feed: 'from a day on, ratings and units sold are missing',
  slice_regression: 'until a day, clicks of long queries are recorded for the wrong listing',
} as const

export type SituationName = keyof typeof SITUATIONS

export interface Situation {
  readonly name: SituationName
  /** The day on which it begins or ends (number since 1970). */
  readonly day: number
}

export const isLong = (query: string): boolean => query.split(' ').length >= 4

/** How much a high price is disliked. It varies with the quarter. */
export function dearnessWeight(day: number, { name, day: from }: Situation): number {
  if (name === 'drift' && day >= from) return 4
  return 0.8 + 0.7 * Math.sin((2 * Math.PI * day) / 91)
}

/** Between −1 and 1. */
export const fashionAt = ({ wave }: TrueListing, day: number): number =>
  Math.sin(2 * Math.PI * (day / wave.days + wave.start))
