/** Parses cells of a row. An invalid cell refuses the whole file; the error names row, column and value. */
import { decimalOf, wholeOf } from '../../../contracts/decimal.js'
import { DAY_MS } from '../../../contracts/duration.js'
import { readInstant } from '../../../contracts/read-instant.js'
import { type CellPlace, refuseCell as refuse } from '../../kit/source-problems.js'

export function integerOf(text: string, column: string, at: CellPlace): number {
  const value = wholeOf(text)
  return Number.isNaN(value) ? refuse(at, column, text, 'a whole number', 0) : value
}

export function numberOf(text: string, column: string, at: CellPlace): number {
  const value = decimalOf(text)
  return Number.isNaN(value) ? refuse(at, column, text, 'a number', 0) : value
}

export const textOf = (text: string, column: string, at: CellPlace): string =>
  text === '' ? refuse(at, column, text, 'a value', '') : text

/**
 * The day of `2011-11-09`, `2011-11-09 08:26` or `11/9/2011 8:26` (month first) in the clock of the shop, whatever the
 * time.
 */
export function dayOfOrder(text: string, column: string, at: CellPlace): number {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(.*))?$/.exec(text)
  return dayIn(american ? isoOf(american) : text, text, column, at, '2011-11-09 or 11/9/2011 8:26')
}

/** The day of `2011-11-09`, with or without a time. `1/2/2024` has two meanings. */
export const dayOf = (text: string, column: string, at: CellPlace): number =>
  dayIn(text, text, column, at, '2011-11-09')

function dayIn(iso: string, text: string, column: string, at: CellPlace, example: string): number {
  const instant = readInstant(iso)
  if (instant?.offset) return refuse(at, column, text, "a time in the shop's own clock, without an offset or in UTC", 0)
  return instant
    ? Math.floor(instant.at / DAY_MS)
    : refuse(at, column, text, `a date such as ${example} in the years 1970 to 9999`, 0)
}

function isoOf([, month = '', date = '', year = '', hour, rest]: RegExpExecArray): string {
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return hour === undefined ? day : `${day}T${hour.padStart(2, '0')}:${rest}`
}
