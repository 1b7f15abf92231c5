/** Daily counts of many series on one calendar. Days are numbers since 1970-01-01; an index counts from the first day of the history. */
import { DAY_MS, utcDay } from '../../../contracts/duration.js'

export interface Series {
  readonly code: string
  /** Index of the first day it was on sale; what was before is not known, rather than zero. */
  readonly onSale: number
  /** Order lines a day, as long as the history. */
  readonly counts: Int32Array
  /** 1 on days with a promotion, which are planned and known weeks ahead. */
  readonly promoted: Uint8Array
}

export interface History {
  readonly first: number
  readonly days: number
  /** 1 where the shop was open: a day without a single line is a closed one. */
  readonly open: Uint8Array
  readonly series: readonly Series[]
  /** Index of the last day whose counts were delivered; labels may be known beyond it. The last day when absent. */
  readonly loadedUntil?: number
}

export const dayNumber = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY_MS
export const dayText = (day: number): string => utcDay(day * DAY_MS)
/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (day + 4) % 7

/** The days before `end`, a day number; the same numbers, not a copy of them. */
export function historyUntil(history: History, end: number): History {
  const days = Math.max(0, Math.min(history.days, end - history.first))
  const { loadedUntil, ...rest } = history
  return {
    ...rest,
    days,
    open: history.open.subarray(0, days),
    series: history.series
      .filter(({ onSale }) => onSale < days)
      .map((series) => ({
        ...series,
        counts: series.counts.subarray(0, days),
        promoted: series.promoted.subarray(0, days),
      })),
    ...(loadedUntil !== undefined && loadedUntil < days ? { loadedUntil } : {}),
  }
}

/** A weekday on which the shop was closed in at least seven of the eight weeks up to `origin` (index) is planned to be closed. */
export function plannedOpen({ open }: History, target: number, origin: number): boolean {
  let seen = 0
  let closed = 0
  for (let index = target - 7 * Math.ceil((target - origin) / 7); index >= 0 && seen < 8; index -= 7) {
    seen += 1
    closed += open[index] === 1 ? 0 : 1
  }
  return seen === 0 || closed < Math.ceil(seen * 0.8)
}
