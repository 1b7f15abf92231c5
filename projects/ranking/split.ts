/** A snapshot's pages by time: learn from the oldest, hold out a later week, leave out what may still be sent back. */
import { DAY_MS } from '../../contracts/duration.js'
import type { Page } from './data/page.js'
import { RETURN_WINDOW_MS } from './policy.js'

export interface TimeSplit {
  /** Held out is [heldOutFrom, heldOutTo), of which every return is known at the cutoff. */
  readonly heldOutFrom: number
  readonly heldOutTo: number
  /** Learned from are pages whose returns were in when the held-out time began. */
  readonly learnUntil: number
}

export function splitAt(cutoff: number, heldOutDays: number): TimeSplit {
  const heldOutTo = cutoff - RETURN_WINDOW_MS
  const heldOutFrom = heldOutTo - heldOutDays * DAY_MS
  return { heldOutFrom, heldOutTo, learnUntil: heldOutFrom - RETURN_WINDOW_MS }
}

/**
 * By exposure alone: among recent pages those without a purchase are known first, and to take them would be to learn that nobody
 * buys.
 */
export const seenIn = (pages: readonly Page[], from: number, to: number): Page[] =>
  pages.filter(({ at }) => at >= from && at < to)
