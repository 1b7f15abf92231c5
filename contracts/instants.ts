/** Instants that users write, and the one rule for a data cutoff. */
import { type FailureType, SlipwayError } from './failure.js'
import { readInstant } from './read-instant.js'

/** An instant a user typed: a date, or a date and time; UTC where no offset is given. */
export function parseTime(text: string, field: string): Date {
  const time = readInstant(text)
  if (time) return new Date(time.at)
  throw new SlipwayError('BadRequest', `${field} "${text}" is not a time; write it as 2001-03-10 or 2001-03-10T12:00Z`)
}

/** An instant that data can be known as of. */
export function parseCutoff(text: string, field: string): Date {
  const cutoff = parseTime(text, field)
  requirePastCutoff(cutoff.toISOString(), Date.now(), { field, failure: 'BadRequest' })
  return cutoff
}

/** Clocks of two machines differ: "now" of one may be this far (wall ms) in the future of the other. */
export const CLOCKS_DIFFER_MS = 60_000

/** @param now epoch ms, by the clock of this machine */
export const isFuture = (instant: number, now: number): boolean => !(instant <= now + CLOCKS_DIFFER_MS)

/**
 * Data cannot be known as of a future instant.
 * @param cutoff ISO instant, which another machine may have named
 * @param now wall time in epoch ms
 * @throws SlipwayError of the given type when the cutoff is later than now, beyond the difference of two clocks
 */
export function requirePastCutoff(
  cutoff: string,
  now: number,
  { field = 'cutoff', failure }: { readonly field?: string; readonly failure: FailureType },
): void {
  if (!isFuture(Date.parse(cutoff), now)) return
  throw new SlipwayError(failure, `${field} ${cutoff} is in the future; use an earlier time`)
}
