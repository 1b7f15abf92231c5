/** Sums counts by series and day from rows in any order, then places them on one calendar. */
import type { History } from './history.js'

export interface Tally {
  /** @param day since 1970-01-01 */
  add(code: string, day: number, count: number, promoted: boolean): void
  /** Undefined when nothing was added. */
  history(): History | undefined
}

interface Days {
  first: number
  readonly counts: Map<number, number>
  readonly promoted: Set<number>
}

export function createTally(): Tally {
  const all = new Map<string, Days>()
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  return {
    add(code, day, count, promoted) {
      let days = all.get(code)
      if (!days) {
        days = { first: day, counts: new Map(), promoted: new Set() }
        all.set(code, days)
      }
      if (day < days.first) days.first = day
      if (day < first) first = day
      if (day > last) last = day
      days.counts.set(day, (days.counts.get(day) ?? 0) + count)
      if (promoted) days.promoted.add(day)
    },
    history() {
      if (all.size === 0) return undefined
      const length = last - first + 1
      const open = new Uint8Array(length)
      const series = [...all].map(([code, days]) => {
        const counts = new Int32Array(length)
        const promoted = new Uint8Array(length)
        for (const [day, count] of days.counts) {
          counts[day - first] = count
          if (count > 0) open[day - first] = 1
        }
        for (const day of days.promoted) promoted[day - first] = 1
        return { code, onSale: days.first - first, counts, promoted }
      })
      series.sort((a, b) => (a.code < b.code ? -1 : 1))
      return { first, days: length, open, series }
    },
  }
}
