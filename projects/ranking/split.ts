/**
 * Splits a snapshot by time: train on the oldest pages, hold out a later week, leave out what may still be returned.
 */
import { DAY_MS } from '../../contracts/duration.js'
import type { Page } from './data/page.js'
import { RETURN_WINDOW_MS } from './policy.js'

export interface TimeSplit {
  /** Held out is [heldOutFrom, heldOutTo). All its returns are known at the cutoff. */
  readonly heldOutFrom: number
  readonly heldOutTo: number
  /** Training pages are those before it. Their returns were known when the held-out time began. */
  readonly learnUntil: number
}

export function splitAt(cutoff: number, heldOutDays: number): TimeSplit {
  const heldOutTo = cutoff - RETURN_WINDOW_MS
  const heldOutFrom = heldOutTo - heldOutDays * DAY_MS
  return { heldOutFrom, heldOutTo, learnUntil: heldOutFrom - RETURN_WINDOW_MS }
}

/**
 * Pages by time of exposure alone, whether labelled or not. Pages without a purchase are labelled first, so choosing
 * labelled pages would make purchases look rare.
 */
export const seenIn = (pages: readonly Page[], from: number, to: number): Page[] =>
  pages.filter(({ at }) => at >= from && at < to)
