import { SlipwayError } from '../../contracts/failure.js'

/** JSON.stringify writes a NUL and half of a character as escapes, which PostgreSQL's jsonb refuses. */
const UNRECORDABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i

export const isRecordable = (json: string): boolean => !UNRECORDABLE.test(json)

/** @throws SlipwayError BadRequest: one such row would take its whole batch with it */
export function requireRecordable(json: string, what: string): void {
  if (isRecordable(json)) return
  throw new SlipwayError('BadRequest', `${what} cannot be recorded: its text holds a NUL or half of a character`)
}
