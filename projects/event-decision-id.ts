import { createHash } from 'node:crypto'

/** In characters. Up to here the id of an event is part of the id as it is: 1,500 bytes, which each index can hold. */
const LONGEST = 500

/**
 * The id of a decision about an event. Ids of events come from data: a longer one, such as the text of a cell, is
 * replaced by its digest.
 * @param by the run or the client that asks
 */
export function eventDecisionId(by: string, eventId: string, longest = LONGEST): string {
  const id = `${by}:${eventId}`
  return id.length <= longest ? id : `${by}:sha256-${createHash('sha256').update(eventId).digest('base64url')}`
}
