/** Opens flights: the package's own records, limited to the busiest airports, or a user's file. */
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DAY_MS } from '../../../contracts/duration.js'
import type { SourceProblems } from '../../project.js'
import type { Flight } from './flight.js'
import { openFlightFile } from './flight-file.js'
import { type Shape, shapeOf } from './flight-tables.js'
import type { FlightFile, RawRow, TimeRange } from './opened-file.js'

/** The eight busiest origins of the default data, about 5,000 flights a day. More rows did not improve the model. */
const HUBS = new Set(['ORD', 'DFW', 'ATL', 'LAX', 'PHX', 'STL', 'DTW', 'MSP'])

export interface FlightSource {
  readonly file: FlightFile
  readonly shape: Shape
  readonly path: string
  /** Rows for which this is false are checked like all others and then left out. */
  wanted(flight: Flight): boolean
  /** The reason why such rows are left out; null where all are wanted. */
  readonly selection: string | null
}

/** @param source a user's file; the default data when absent */
export async function openFlights(source: string | undefined): Promise<FlightSource> {
  const path = source ?? defaultFile()
  const file = await openFlightFile(path)
  const shape = shapeOf(file)
  if (source !== undefined) return { file, shape, path, wanted: () => true, selection: null }
  const selection = 'origin not among the eight busiest airports'
  return { file, shape, path, wanted: ({ origin }) => HUBS.has(origin), selection }
}

const defaultFile = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data', 'flights-3m.parquet')

/**
 * Parsed rows in file order, in batches: a promise for each row would cost more than reading it. In errors, rows are
 * counted from 1.
 */
export async function* flightsOf(
  { file, shape }: FlightSource,
  range?: TimeRange,
  checking?: { readonly problems: SourceProblems; skip(): void },
): AsyncGenerator<Iterable<Flight>> {
  let before = 0
  for await (const batch of file.batches(range)) {
    yield parsed(batch, before)
    before += batch.length
  }

  function* parsed(batch: readonly RawRow[], rowsBefore: number): Generator<Flight> {
    let row = rowsBefore
    for (const raw of batch) {
      row += 1
      const before = checking?.problems.count
      const flight = shape.read(raw, { file: file.name, row, problems: checking?.problems })
      if (checking?.problems.count === before) yield flight
      else checking?.skip()
    }
  }
}

/**
 * Cache of one source's days. Replay asks for one day after the other, and parsing the file for each would take
 * minutes.
 */
let kept: { key: string; days: Map<number, Flight[]> } | undefined
const KEPT_MS = 16 * DAY_MS

/** Usable flights scheduled in [from, to), in order of schedule. */
export async function flightsBetween(
  source: string | undefined,
  { from, to }: TimeRange,
  usable: (flight: Flight) => boolean,
): Promise<Flight[]> {
  const opened = await openFlights(source)
  const { mtimeMs, size } = await stat(opened.path)
  const part = Math.floor(from / KEPT_MS) * KEPT_MS
  const key = `${opened.path}:${mtimeMs}:${size}:${part}:${to > part + KEPT_MS ? to : ''}`
  if (kept?.key !== key) kept = { key, days: await daysOf(opened, { from: part, to: Math.max(to, part + KEPT_MS) }) }
  const found: Flight[] = []
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day += 1) found.push(...(kept.days.get(day) ?? []))
  return found
    .filter((flight) => flight.scheduled >= from && flight.scheduled < to && usable(flight))
    .sort((a, b) => a.scheduled - b.scheduled)
}

async function daysOf(opened: FlightSource, range: TimeRange): Promise<Map<number, Flight[]>> {
  const days = new Map<number, Flight[]>()
  for await (const flights of flightsOf(opened, range)) {
    for (const flight of flights) {
      if (flight.scheduled < range.from || flight.scheduled >= range.to || !opened.wanted(flight)) continue
      const day = Math.floor(flight.scheduled / DAY_MS)
      const list = days.get(day)
      if (list) list.push(flight)
      else days.set(day, [flight])
    }
  }
  return days
}
