/** Sums counts by series and day from rows in any order, then places them on one calendar. */
import { badFile } from '../../kit/csv-file.js'
import { MOST_DAYS } from '../../kit/file-limits.js'
import { MOST_LINES } from '../input-schema.js'
import { dayText, type History } from './history.js'
import { MARKS, type Marks } from './marks.js'

export interface Tally {
  /**
   * @param day since 1970-01-01
   * @param marks bits of `MARKS`
   */
  add(code: string, day: number, count: number, marks?: number): void
  /**
   * Undefined when nothing was added.
   * @throws SlipwayError BadData when the calendar or a count is beyond what a history holds
   */
  history(file: string, marks?: Pick<Marks, 'hasHolidays' | 'storeTypes'>): History | undefined
}

/** Series times days: half a gigabyte. */
const MOST_CELLS = 100_000_000

interface Days {
  first: number
  readonly counts: Map<number, number>
  readonly marks: Map<number, number>
}

export function createTally(): Tally {
  const all = new Map<string, Days>()
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  return {
    add(code, day, count, marks = 0) {
      let days = all.get(code)
      if (!days) {
        days = { first: day, counts: new Map(), marks: new Map() }
        all.set(code, days)
      }
      if (day < days.first) days.first = day
      if (day < first) first = day
      if (day > last) last = day
      days.counts.set(day, (days.counts.get(day) ?? 0) + count)
      if (marks !== 0) days.marks.set(day, marks)
    },
    history(file, marks) {
      if (all.size === 0) return undefined
      const length = last - first + 1
      if (length > MOST_DAYS) {
        const span = `days from ${dayText(first)} to ${dayText(last)}`
        throw badFile(file, `has ${span}, more than ${MOST_DAYS}; correct the dates, or give fewer years`)
      }
      if (length * all.size > MOST_CELLS) {
        const size = `${all.size} series over ${length} days`
        throw badFile(file, `has ${size}, more than ${MOST_CELLS} counts; give fewer series or fewer days`)
      }
      const open = new Uint8Array(length)
      const series = [...all].map(([code, days]) => {
        const counts = new Int32Array(length)
        for (const [day, count] of days.counts) {
          if (count > MOST_LINES) {
            const found = `${count} lines of ${code} on ${dayText(day)}`
            throw badFile(file, `counts ${found}; at most ${MOST_LINES} are read: correct the row`)
          }
          counts[day - first] = count
          if (count > 0) open[day - first] = 1
        }
        const marked = (mark: number) => flagsOf(days.marks, mark, first, length)
        const isMarked = [...days.marks.values()].some((own) => (own & MARKS.closed) !== 0)
        const storeType = marks?.storeTypes.get(code)
        return {
          code,
          onSale: days.first - first,
          counts,
          promoted: marked(MARKS.promoted),
          ...(isMarked ? { closed: marked(MARKS.closed) } : {}),
          ...(marks?.hasHolidays ? { schoolHoliday: marked(MARKS.school_holiday) } : {}),
          ...(storeType === undefined ? {} : { storeType }),
        }
      })
      series.sort((a, b) => (a.code < b.code ? -1 : 1))
      return { first, days: length, open, series }
    },
  }
}

function flagsOf(marks: ReadonlyMap<number, number>, mark: number, first: number, length: number): Uint8Array {
  const flags = new Uint8Array(length)
  for (const [day, own] of marks) if ((own & mark) !== 0) flags[day - first] = 1
  return flags
}
