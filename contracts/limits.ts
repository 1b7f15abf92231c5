/**
 * How long a text of a user may be, at every door alike: command line, HTTP, signals and updates. Each is stored in the
 * ledger and in Temporal, shown in tables, and part of keys. Zod-free: workflow code imports this file.
 */
import { SlipwayError } from './failure.js'
import { recordable } from './recordable-text.js'

/** In characters. A longer reason is shortened and the action taken: an abort must not be lost for its explanation. */
export const LONGEST_REASON = 2_000
/**
 * In characters, of the name of a person and of an id. A longer one is refused: shortened, it could be that of another.
 */
export const LONGEST_NAME = 300

const MARK = ' … [shortened]'

/** The reason as it is recorded. */
export const shortReason = (reason: string): string => {
  const text = reason.trim()
  return text.length <= LONGEST_REASON ? text : recordable(`${text.slice(0, LONGEST_REASON - MARK.length)}${MARK}`)
}

export const NAME_RULE = `must have at most ${LONGEST_NAME} characters`

/** @throws SlipwayError BadRequest naming the field whose name or id is too long */
export function requireFittingName(field: string, name: string): void {
  if (name.length <= LONGEST_NAME) return
  throw new SlipwayError('BadRequest', `${field} has ${name.length} characters; it ${NAME_RULE}`)
}
