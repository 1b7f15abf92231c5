/** The nightly feed: mean sales of the whole shop on an open day of the last 7, over that of the last 56. */
import type { History } from '../counts/history.js'
import type { Momentum } from './matrix.js'

const FEED_DAYS = { short: 7, long: 56 } as const

export function momentumOf({ first, days, open, series }: History): Momentum {
  const lines = new Float64Array(days + 1)
  const opened = new Float64Array(days + 1)
  for (let index = 0; index < days; index += 1) {
    let sum = 0
    for (const { counts } of series) sum += counts[index] as number
    lines[index + 1] = (lines[index] as number) + sum
    opened[index + 1] = (opened[index] as number) + (open[index] as number)
  }
  const mean = (last: number, span: number) => {
    const from = last + 1 - span
    const over = (sums: Float64Array) => (sums[last + 1] as number) - (sums[from] as number)
    return over(lines) / over(opened)
  }
  return (knownDay) => {
    const last = knownDay - first
    if (last >= days || last + 1 < FEED_DAYS.long) return Number.NaN
    const ratio = mean(last, FEED_DAYS.short) / mean(last, FEED_DAYS.long)
    return Number.isFinite(ratio) ? ratio : Number.NaN
  }
}
