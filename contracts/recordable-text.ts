/** Text that the registry can store. Free of zod: workflow code imports this file. */
import { SlipwayError } from './failure.js'

/** PostgreSQL's jsonb refuses a NUL and half of a surrogate pair. */
const UNRECORDABLE = /[\p{Surrogate}\0]/gu

/** The same in JSON text, where `JSON.stringify` writes both as escapes. */
const UNRECORDABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i

/** The same text with each character that cannot be recorded replaced. */
export const recordable = (text: string): string => text.replace(UNRECORDABLE, '\ufffd')

export const isRecordableJson = (json: string): boolean => !UNRECORDABLE_ESCAPE.test(json)

/** @throws SlipwayError BadRequest. Checked before writing, because one such row makes its whole batch fail. */
export function requireRecordableJson(json: string, what: string): void {
  if (isRecordableJson(json)) return
  throw new SlipwayError(
    'BadRequest',
    `${what} cannot be recorded: its text contains a NUL or half of a surrogate pair`,
  )
}
