/**
 * Checks rows and files. A few rows with impossible numbers are rejected and counted. A file with rows out of order,
 * with many repeated keys or with cells that do not parse is refused as a whole: the rest of it cannot be trusted
 * either.
 */
import { utcDay } from '../../../contracts/duration.js'
import { SlipwayError } from '../../../contracts/failure.js'
import type { Flight } from './flight.js'

export const RANGES = {
  /** Minutes. More than a day late, or more than two hours early, is an error in the date and no delay. */
  delay: [-120, 1_440],
  /** Miles. No scheduled leg is longer. */
  distance: [1, 6_000],
} as const

/** Share of rows that may be left out before the file is refused. */
export const MOST_REJECTED = 0.01
const MOST_REPEATED = 0.001

/** Why a row is rejected; undefined when it is valid. */
export function defectOf({ delay, distance, scheduled, arrived }: Flight): string | undefined {
  const [earliest, latest] = RANGES.delay
  if (delay !== null && (delay < earliest || delay > latest)) return `delay outside ${earliest}..${latest} minutes`
  const [shortest, longest] = RANGES.distance
  if (distance < shortest || distance > longest) return `distance outside ${shortest}..${longest} miles`
  if (arrived !== null && arrived <= scheduled - 12 * 3_600_000) return 'arrived half a day before its schedule'
  return undefined
}

export const keyOf = ({ scheduled, carrier, number, origin, destination, distance, delay }: Flight): string =>
  number === ''
    ? `${scheduled}|${origin}|${destination}|${distance}|${delay}`
    : `${scheduled}|${carrier}|${number}|${origin}|${destination}`

/** Checks rows in file order. Days must ascend within a month; months may be in any order, as in joined files. */
export function createFileCheck(file: string) {
  const rejected = new Map<string, number>()
  const months = new Set<string>()
  let keys = new Set<string>()
  let repeated: { rows: number; first: string } | undefined
  let rows = 0
  let day = ''
  const enterDay = (next: string) => {
    const month = next.slice(0, 7)
    if (next < day && (months.has(month) || !next.endsWith('-01'))) {
      const problem = `row ${rows}: ${next} comes after ${day}`
      throw new SlipwayError('BadData', `${file} ${problem}; sort the file by date`)
    }
    months.add(month)
    day = next
    keys = new Set()
  }
  return {
    /** @returns whether the row can be used */
    accept(flight: Flight): boolean {
      rows += 1
      const own = utcDay(flight.scheduled)
      if (own !== day) enterDay(own)
      const key = keyOf(flight)
      if (keys.has(key)) {
        repeated ??= { rows: 0, first: `row ${rows}: ${describe(flight)}` }
        repeated.rows += 1
        count(rejected, 'the same flight a second time')
        return false
      }
      keys.add(key)
      const defect = defectOf(flight)
      if (defect) count(rejected, defect)
      return defect === undefined
    },
    /** @throws SlipwayError BadData when too many rows cannot be used */
    finish(): { rejected: { reason: string; rows: number }[]; read: number } {
      if (repeated && repeated.rows > rows * MOST_REPEATED) {
        const problem = `has ${repeated.rows} duplicate keys, first ${repeated.first}`
        throw new SlipwayError('BadData', `${file} ${problem}; keep one row for each flight`)
      }
      const list = [...rejected].map(([reason, number]) => ({ reason, rows: number }))
      const total = list.reduce((sum, item) => sum + item.rows, 0)
      if (total > rows * MOST_REJECTED) {
        const why = list.map((item) => `${item.rows} for ${item.reason}`).join(', ')
        throw new SlipwayError('BadData', `${file}: ${total} of ${rows} rows cannot be used (${why}); fix them first`)
      }
      return { rejected: list, read: rows }
    },
  }
}

const describe = ({ scheduled, carrier, number, origin, destination }: Flight): string =>
  `${new Date(scheduled).toISOString().slice(0, 16)} ${carrier}${number} ${origin}-${destination}`.replace('  ', ' ')

const count = (counts: Map<string, number>, reason: string): void =>
  void counts.set(reason, (counts.get(reason) ?? 0) + 1)
