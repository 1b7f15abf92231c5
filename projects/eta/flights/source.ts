/** Where flights come from: the package's own records, of which the busiest airports are taken, or a file of the user's. */
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Flight } from './flight.js'
import { type FlightFile, openFlightFile, type TimeRange } from './read-file.js'
import { type Shape, shapeOf } from './shapes.js'

/** Origins taken from the default data: the eight busiest, about 5,000 flights a day; 3 million would teach no more. */
const HUBS = new Set(['ORD', 'DFW', 'ATL', 'LAX', 'PHX', 'STL', 'DTW', 'MSP'])

export interface FlightSource {
  readonly file: FlightFile
  readonly shape: Shape
  readonly path: string
  /** Rows outside it are checked like all others and then left out. */
  wanted(flight: Flight): boolean
  readonly selection: string | null
}

export async function openSource(path: string | undefined): Promise<FlightSource> {
  const chosen = path ?? defaultFile()
  const file = await openFlightFile(chosen)
  const shape = shapeOf(file.columns, file.name)
  return path === undefined
    ? {
        file,
        shape,
        path: chosen,
        wanted: ({ origin }) => HUBS.has(origin),
        selection: 'origin not among the eight busiest airports',
      }
    : { file, shape, path: chosen, wanted: () => true, selection: null }
}

const defaultFile = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data', 'flights-3m.parquet')

/** Parsed rows in file order; `row` counts from 1. */
export async function* flightsOf({ file, shape }: FlightSource, range?: TimeRange): AsyncGenerator<Flight> {
  let row = 0
  for await (const batch of file.batches(range)) {
    for (const raw of batch) {
      row += 1
      yield shape.read(raw, { file: file.name, row })
    }
  }
}

/** One source's days, kept while they are replayed one after the other: parsing a month again for each day costs minutes. */
let kept: { key: string; days: Map<number, Flight[]> } | undefined
const KEPT_MS = 16 * 86_400_000

/** Usable flights scheduled in [from, to), in order of schedule. */
export async function flightsBetween(
  path: string | undefined,
  { from, to }: TimeRange,
  usable: (flight: Flight) => boolean,
): Promise<Flight[]> {
  const source = await openSource(path)
  const { mtimeMs, size } = await stat(source.path)
  const part = Math.floor(from / KEPT_MS) * KEPT_MS
  const key = `${source.path}:${mtimeMs}:${size}:${part}:${to > part + KEPT_MS ? to : ''}`
  if (kept?.key !== key) {
    const days = new Map<number, Flight[]>()
    const range = { from: part, to: Math.max(to, part + KEPT_MS) }
    for await (const flight of flightsOf(source, range)) {
      if (flight.scheduled < range.from || flight.scheduled >= range.to || !source.wanted(flight)) continue
      const day = Math.floor(flight.scheduled / 86_400_000)
      const list = days.get(day)
      if (list) list.push(flight)
      else days.set(day, [flight])
    }
    kept = { key, days }
  }
  const found: Flight[] = []
  for (let day = Math.floor(from / 86_400_000); day * 86_400_000 < to; day += 1)
    found.push(...(kept.days.get(day) ?? []))
  return found
    .filter((flight) => flight.scheduled >= from && flight.scheduled < to && usable(flight))
    .sort((a, b) => a.scheduled - b.scheduled)
}
