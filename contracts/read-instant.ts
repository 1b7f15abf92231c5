/**
 * The one rule for instants that users write, in files and on the command line: a date, or a date and time, from 1970
 * to
 * 9999. Without an offset it is UTC, whatever the time zone of the machine is.
 */
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?$/
const MINUTE_MS = 60_000

export interface WrittenInstant {
  /** Epoch ms. */
  readonly at: number
  /** Minutes ahead of UTC, as written; null where none is written. */
  readonly offset: number | null
}

/** Undefined when the text is no instant. `Date.parse` would guess: `12` is a month of 2001 to it. */
export function readInstant(text: string): WrittenInstant | undefined {
  const day = dayOf(text.slice(0, 10))
  if (day === undefined) return undefined
  if (text.length === 10) return isRecordableInstant(day) ? { at: day, offset: null } : undefined
  const time = /^[T ]/.test(text[10] ?? '') ? TIME.exec(text.slice(11)) : null
  if (!time) return undefined
  const [, hour = '', minute = '', second = '0', fraction = '', zone] = time
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const offset = zone === undefined ? null : offsetOf(zone)
  if (Number.isNaN(offset)) return undefined
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const at = day + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + ms - (offset ?? 0) * MINUTE_MS
  return isRecordableInstant(at) ? { at, offset } : undefined
}

/** Epoch ms. */
export const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** PostgreSQL, JSON and the pages write and read each of them alike. @param at epoch ms */
export const isRecordableInstant = (at: number): boolean => at >= 0 && at <= LAST_INSTANT

export const INSTANT_RANGE = 'it must be in the years 1970 to 9999'

/** Epoch ms of a date that exists. The last day of 1969 may hold instants of 1970 with an offset. */
function dayOf(text: string): number | undefined {
  const [, year, month, date] = (DATE.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || date === undefined || year < 1969) return undefined
  const day = Date.UTC(year, month - 1, date)
  return new Date(day).toISOString().startsWith(text) ? day : undefined
}

/** NaN where no place has such an offset. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  const size = hours > 14 || minutes > 59 ? Number.NaN : hours * 60 + minutes
  return zone.startsWith('-') ? -size : size
}
