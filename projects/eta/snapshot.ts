/** The data as of a cutoff: what was scheduled before it, with an outcome only where the arrival lay before it. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotDraft, SnapshotRequest } from '../project.js'
import { createFileCheck } from './flights/check.js'
import { type Flight, MINUTE_MS } from './flights/flight.js'
import { COLUMNS, writeRows } from './flights/rows.js'
import { type FlightSource, flightsOf, openSource } from './flights/source.js'
import { policy } from './policy.js'

/** Three weeks at the least: two to hold out and calibrate on, one to learn from. */
const FEWEST_DAYS = 21
const FEWEST_LABELLED = 2_000

export async function importSnapshot({ source: path, cutoff, outFolder }: SnapshotRequest): Promise<SnapshotDraft> {
  const source = await openSource(path)
  const { flights, rejected } = await readUntil(source, cutoff)
  const labelled = flights.filter((flight) => flight.arrived !== null).length
  const first = utcDay(flights[0]?.scheduled ?? cutoff)
  const last = utcDay(flights.at(-1)?.scheduled ?? cutoff)
  refuseTooLittle(source, cutoff, { labelled, days: (Date.parse(last) - Date.parse(first)) / DAY_MS + 1 })
  const dataFile = join(outFolder, 'flights.csv')
  await writeRows(dataFile, flights)
  return {
    dataFile,
    manifest: {
      source: {
        name: path === undefined ? 'vega-datasets flights-3m, eight busiest origins' : source.file.name,
        files: [{ name: source.file.name, sha256: await hashFile(source.path), bytes: (await stat(source.path)).size }],
      },
      cutoff: new Date(cutoff).toISOString(),
      days: { first, last },
      rows: flights.length,
      labelled,
      censored: flights.length - labelled,
      rejected,
      columns: COLUMNS.map((column) => ({ ...column })),
    },
  }
}

/** Every row of the file is checked, also those past the cutoff: they will be replayed. None of them enters. */
async function readUntil(source: FlightSource, cutoff: number) {
  const check = createFileCheck(source.file.name)
  const flights: Flight[] = []
  const daysAfter = new Set<string>()
  let past: { rows: number; first: string } | undefined
  let elsewhere = 0
  for await (const flight of flightsOf(source, { from: Number.NEGATIVE_INFINITY, to: cutoff + DAY_MS })) {
    if (!check.accept(flight)) continue
    if (flight.scheduled >= cutoff) {
      past ??= { rows: 0, first: new Date(flight.scheduled).toISOString() }
      past.rows += 1
      daysAfter.add(utcDay(flight.scheduled))
    } else if (source.wanted(flight)) flights.push(asOf(flight, cutoff))
    else elsewhere += 1
  }
  const { rejected } = check.finish()
  if (past && source.selection === null) refuseStrays(source.file.name, cutoff, past, daysAfter)
  if (elsewhere > 0 && source.selection !== null) rejected.push({ reason: source.selection, rows: elsewhere })
  // Stable: flights of one minute stay in file order, so that the same file gives the same bytes.
  flights.sort((a, b) => a.scheduled - b.scheduled)
  return { flights, rejected }
}

/** Nothing known only at or after the cutoff: an aircraft in the air then has left, and no more. */
function asOf(flight: Flight, cutoff: number): Flight {
  const arrived = flight.arrived !== null && flight.arrived < cutoff
  const left = flight.departureDelay !== null && flight.scheduled + flight.departureDelay * MINUTE_MS < cutoff
  return {
    ...flight,
    ...(arrived ? {} : { arrived: null, delay: null }),
    ...(left ? {} : { departureDelay: null }),
  }
}

/**
 * A file that goes on past the cutoff is a history whose later days are replayed as traffic. It is one when it has rows on
 * every day of the label horizon; a few rows beyond the cutoff are a mistake, and no traffic anybody could judge.
 */
function refuseStrays(
  file: string,
  cutoff: number,
  past: { rows: number; first: string },
  daysAfter: ReadonlySet<string>,
): void {
  const firstDay = Math.ceil(cutoff / DAY_MS) * DAY_MS
  const horizon = Array.from({ length: durationMs(policy.labelHorizon) / DAY_MS + 1 }, (_, day) =>
    utcDay(firstDay + day * DAY_MS),
  )
  if (horizon.every((day) => daysAfter.has(day))) return
  const at = new Date(cutoff).toISOString()
  throw new SlipwayError(
    'BadData',
    `${file} has ${past.rows} rows dated after the cutoff ${at}, the first ${past.first}; leave them out, name a later --cutoff, or let the file go on for ${policy.labelHorizon} and a day so that it can be replayed`,
  )
}

function refuseTooLittle(
  source: FlightSource,
  cutoff: number,
  { labelled, days }: { labelled: number; days: number },
): void {
  if (labelled >= FEWEST_LABELLED && days >= FEWEST_DAYS) return
  throw new SlipwayError(
    'BadData',
    `${source.file.name} has ${labelled} outcomes on ${labelled === 0 ? 0 : days} days before the cutoff ${new Date(cutoff).toISOString()}; at least ${FEWEST_LABELLED} on ${FEWEST_DAYS} days are needed: name a later --cutoff or a longer file`,
  )
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return `sha256:${hash.digest('hex')}`
}
