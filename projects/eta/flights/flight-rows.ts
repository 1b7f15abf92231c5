/** The snapshot's rows in a file: CSV sorted by schedule. The same flights give the same bytes. */
import { open, readFile } from 'node:fs/promises'
import { SlipwayError } from '../../../contracts/failure.js'
import { type Flight, MINUTE_MS } from './flight.js'

export const COLUMNS = [
  { name: 'scheduled', type: 'minute since 1970' },
  { name: 'carrier', type: 'code' },
  { name: 'number', type: 'text' },
  { name: 'origin', type: 'airport' },
  { name: 'destination', type: 'airport' },
  { name: 'distance', type: 'miles' },
  { name: 'delay', type: 'minutes at arrival, empty while unknown' },
  { name: 'departure_delay', type: 'minutes, empty while unknown' },
  { name: 'arrived', type: 'minute since 1970, empty while unknown' },
] as const

const HEADER = COLUMNS.map(({ name }) => name).join(',')
const CHUNK = 20_000
const minute = (instant: number): number => Math.round(instant / MINUTE_MS)
const cell = (value: number | null): string => (value === null ? '' : String(value))

export async function writeRows(file: string, flights: readonly Flight[]): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(`${HEADER}\n`)
    for (let from = 0; from < flights.length; from += CHUNK) {
      await handle.writeFile(
        `${flights
          .slice(from, from + CHUNK)
          .map(lineOf)
          .join('\n')}\n`,
      )
    }
  } finally {
    await handle.close()
  }
}

const lineOf = (flight: Flight): string =>
  [
    minute(flight.scheduled),
    flight.carrier,
    flight.number,
    flight.origin,
    flight.destination,
    flight.distance,
    cell(flight.delay),
    cell(flight.departureDelay),
    flight.arrived === null ? '' : minute(flight.arrived),
  ].join(',')

/** @throws SlipwayError BadData when the file was not written by `writeRows` */
export async function readRows(file: string): Promise<Flight[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  if (lines[0] !== HEADER) throw new SlipwayError('BadData', `snapshot rows begin with "${lines[0]}", not "${HEADER}"`)
  return lines.slice(1, -1).map((line, index) => {
    const cells = line.split(',') as [string, string, string, string, string, string, string, string, string]
    if (cells.length !== COLUMNS.length)
      throw new SlipwayError('BadData', `snapshot row ${index + 1} has ${cells.length} cells`)
    const [scheduled, carrier, number, origin, destination, distance, delay, departureDelay, arrived] = cells
    const known = (text: string) => (text === '' ? null : Number(text))
    return {
      scheduled: Number(scheduled) * MINUTE_MS,
      carrier,
      number,
      origin,
      destination,
      distance: Number(distance),
      delay: known(delay),
      departureDelay: known(departureDelay),
      arrived: arrived === '' ? null : Number(arrived) * MINUTE_MS,
    }
  })
}
