import { SlipwayError } from '../../contracts/failure.js'

/** JSON.stringify writes a NUL and half of a surrogate pair as escapes, which PostgreSQL's jsonb refuses. */
const UNRECORDABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i

export const isRecordable = (json: string): boolean => !UNRECORDABLE.test(json)

/** @throws SlipwayError BadRequest: PostgreSQL would refuse the whole batch because of one such row */
export function requireRecordable(json: string, what: string): void {
  if (isRecordable(json)) return
  throw new SlipwayError(
    'BadRequest',
    `${what} cannot be recorded: its text contains a NUL or half of a surrogate pair`,
  )
}
