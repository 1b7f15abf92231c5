/** Parses cells of a row. An invalid cell refuses the whole file; the error names row, column and value. */
import { SlipwayError } from '../../../contracts/failure.js'
import { dayNumber, dayText } from './history.js'

export interface Place {
  readonly file: string
  /** Counted from 1, without the header. */
  readonly row: number
}

export function refuse({ file, row }: Place, column: string, value: unknown, wanted: string): never {
  throw new SlipwayError('BadData', `${file} row ${row}: ${column} is "${String(value)}", which is not ${wanted}`)
}

export function integerOf(text: string, column: string, at: Place): number {
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) ? value : refuse(at, column, text, 'a whole number')
}

export function numberOf(text: string, column: string, at: Place): number {
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : refuse(at, column, text, 'a number')
}

export const textOf = (text: string, column: string, at: Place): string =>
  text === '' ? refuse(at, column, text, 'a value') : text

/** The day of `2011-11-09`, `2011-11-09 08:26` or `11/9/2011 8:26` (month first), whatever the time. */
export function dayOf(text: string, column: string, at: Place): number {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(text)
  const american = iso ? null : /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?$/.exec(text)
  const parts = iso ? [iso[1], iso[2], iso[3]] : american ? [american[3], american[1], american[2]] : undefined
  if (parts) {
    const [year, month, date] = parts as [string, string, string]
    const wanted = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
    const day = dayNumber(wanted)
    if (Number.isFinite(day) && dayText(day) === wanted) return day
  }
  return refuse(at, column, text, 'a date such as 2011-11-09 or 11/9/2011 8:26')
}
