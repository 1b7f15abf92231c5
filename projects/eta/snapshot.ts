/**
 * The data as of a cutoff: flights scheduled before it. An outcome is included only where the arrival was before it.
 */
import { join } from 'node:path'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { hashFile } from '../kit/hash-file.js'
import { refuseSource } from '../kit/source-problems.js'
import type { SnapshotDraft, SnapshotRequest, SourceProblems } from '../project.js'
import { createFileCheck } from './flights/check-flights.js'
import { type Flight, MINUTE_MS } from './flights/flight.js'
import { COLUMNS, writeRows } from './flights/flight-rows.js'
import { type FlightSource, flightsOf, openFlights } from './flights/open-flights.js'
import { policy } from './policy.js'

/** Three weeks: two to hold out and calibrate on, one to train on. */
const FEWEST_DAYS = 21
const FEWEST_LABELLED = 2_000

export async function importSnapshot({ source, cutoff, outFolder, problems }: SnapshotRequest): Promise<SnapshotDraft> {
  const opened = await openFlights(source)
  const { flights, rejected } = await readUntil(opened, cutoff, problems)
  const labelled = flights.filter((flight) => flight.arrived !== null).length
  const first = utcDay(flights[0]?.scheduled ?? cutoff)
  const last = utcDay(flights.at(-1)?.scheduled ?? cutoff)
  refuseTooLittle(opened, cutoff, problems, { labelled, days: (Date.parse(last) - Date.parse(first)) / DAY_MS + 1 })
  const dataFile = join(outFolder, 'flights.csv')
  await writeRows(dataFile, flights)
  return {
    dataFile,
    manifest: {
      source: {
        name: source === undefined ? 'vega-datasets flights-3m, eight busiest origins' : opened.file.name,
        files: [{ name: opened.file.name, ...(await hashFile(opened.path)) }],
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

/**
 * Checks every row of a user's file, including those after the cutoff, which will be replayed: no part of it may be
 * skipped by its statistics. Only rows before the cutoff enter. The product's own data are known to be sound.
 */
async function readUntil(opened: FlightSource, cutoff: number, problems: SourceProblems | undefined) {
  const check = createFileCheck(opened.file.name, problems)
  const flights: Flight[] = []
  const daysAfter = new Set<string>()
  let past: { rows: number; first: string } | undefined
  let elsewhere = 0
  const range = opened.selection === null ? undefined : { from: Number.NEGATIVE_INFINITY, to: cutoff + DAY_MS }
  for await (const batch of flightsOf(opened, range, problems && { problems, skip: check.skip })) {
    for (const flight of batch) {
      if (!check.accept(flight)) continue
      if (flight.scheduled >= cutoff) {
        past ??= { rows: 0, first: new Date(flight.scheduled).toISOString() }
        past.rows += 1
        daysAfter.add(utcDay(flight.scheduled))
      } else if (opened.wanted(flight)) flights.push(asOf(flight, cutoff))
      else elsewhere += 1
    }
  }
  const found = check.finish().rejected
  // The product's own data keep their digest: their rows are known.
  const rejected = opened.selection === null ? found : found.map(({ reason, rows }) => ({ reason, rows }))
  if (past && opened.selection === null) refuseStrays(opened.file.name, cutoff, problems, past, daysAfter)
  if (elsewhere > 0 && opened.selection !== null) rejected.push({ reason: opened.selection, rows: elsewhere })
  // The sort is stable: flights of one minute stay in file order, so the same file gives the same bytes.
  flights.sort((a, b) => a.scheduled - b.scheduled)
  return { flights, rejected }
}

/**
 * Removes what became known at or after the cutoff. An aircraft in the air then has a departure delay and no arrival.
 */
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
 * Rows after the cutoff are replayed as traffic if the file has rows on every day of the label horizon. A few rows
 * after the cutoff are a mistake: no canary could be judged on them.
 */
function refuseStrays(
  file: string,
  cutoff: number,
  problems: SourceProblems | undefined,
  past: { rows: number; first: string },
  daysAfter: ReadonlySet<string>,
): void {
  const firstDay = Math.ceil(cutoff / DAY_MS) * DAY_MS
  const horizon = Array.from({ length: durationMs(policy.labelHorizon) / DAY_MS + 1 }, (_, day) =>
    utcDay(firstDay + day * DAY_MS),
  )
  if (horizon.every((day) => daysAfter.has(day))) return
  const at = new Date(cutoff).toISOString()
  refuseSource(
    problems,
    `${file} has ${past.rows} rows dated after the cutoff ${at}, the first ${past.first}; remove them, give a later --cutoff, or add rows up to ${policy.labelHorizon} and a day after the cutoff so that they can be replayed`,
  )
}

function refuseTooLittle(
  { file }: FlightSource,
  cutoff: number,
  problems: SourceProblems | undefined,
  { labelled, days }: { labelled: number; days: number },
): void {
  if (labelled >= FEWEST_LABELLED && days >= FEWEST_DAYS) return
  refuseSource(
    problems,
    `${file.name} has ${labelled} outcomes on ${labelled === 0 ? 0 : days} days before the cutoff ${new Date(cutoff).toISOString()}; at least ${FEWEST_LABELLED} on ${FEWEST_DAYS} days are required: give a later --cutoff or a longer file`,
  )
}
