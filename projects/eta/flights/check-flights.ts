/**
 * Checks rows and files. A few rows with impossible numbers are rejected and counted. A file with rows out of order,
 * with many repeated keys or with cells that do not parse is refused as a whole: the rest of it cannot be trusted
 * either.
 */
import { utcDay } from '../../../contracts/duration.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { countLeftOut, type LeftOut, leftOutList } from '../../kit/left-out.js'
import { refuseSource } from '../../kit/source-problems.js'
import type { SourceProblems } from '../../project.js'
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
export function createFileCheck(file: string, problems?: SourceProblems) {
  const rejected = countLeftOut()
  const months = new Set<string>()
  let keys = new Set<string>()
  let repeated: { rows: number; first: string } | undefined
  let rows = 0
  let day = ''
  const enterDay = (next: string) => {
    const month = next.slice(0, 7)
    if (next < day && (months.has(month) || !next.endsWith('-01'))) {
      const place = `row ${rows}: ${next} comes after ${day}`
      if (problems) problems.add(`${file} is not in order of its dates; sort the file by date`, place)
      else throw new SlipwayError('BadData', `${file} ${place}; sort the file by date`)
    }
    months.add(month)
    day = next
    keys = new Set()
  }
  return {
    /** Counts a row that could not be read. */
    skip(): void {
      rows += 1
    },
    /** @returns whether the row can be used */
    accept(flight: Flight): boolean {
      rows += 1
      const own = utcDay(flight.scheduled)
      if (own !== day) enterDay(own)
      const key = keyOf(flight)
      if (keys.has(key)) {
        repeated ??= { rows: 0, first: `row ${rows}: ${describe(flight)}` }
        repeated.rows += 1
        rejected.add('the same flight a second time', () => shown(rows, flight))
        return false
      }
      keys.add(key)
      const defect = defectOf(flight)
      if (defect) rejected.add(defect, () => shown(rows, flight))
      return defect === undefined
    },
    /** @throws SlipwayError BadData when too many rows cannot be used */
    finish(): { rejected: LeftOut[]; read: number } {
      if (repeated && repeated.rows > rows * MOST_REPEATED) {
        const problem = `has ${repeated.rows} duplicate keys, first ${repeated.first}`
        refuseSource(problems, `${file} ${problem}; keep one row for each flight`)
      }
      const list = rejected.list()
      const total = list.reduce((sum, item) => sum + item.rows, 0)
      if (total > rows * MOST_REJECTED) {
        const most = `at most ${MOST_REJECTED * 100} % of the rows may be left out`
        refuseSource(
          problems,
          `${file}: ${total} of ${rows} rows cannot be used: ${leftOutList(list)}; fix them first, ${most}`,
        )
      }
      return { rejected: list, read: rows }
    },
  }
}

const describe = ({ scheduled, carrier, number, origin, destination }: Flight): string =>
  `${new Date(scheduled).toISOString().slice(0, 16)} ${carrier}${number} ${origin}-${destination}`.replace('  ', ' ')

const shown = (row: number, flight: Flight): string =>
  `row ${row}: ${describe(flight)}, delay ${flight.delay ?? 'none'}, ${flight.distance} miles`
