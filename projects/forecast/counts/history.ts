/**
 * Daily counts of many series on one calendar. A day is its number since 1970-01-01; an index starts at the first day.
 */
import { DAY_MS, utcDay } from '../../../contracts/duration.js'

export interface Series {
  readonly code: string
  /** Index of the first day on sale. Earlier counts are unknown, not zero. */
  readonly onSale: number
  /** Order lines a day, as long as the history. */
  readonly counts: Int32Array
  /** 1 on days with a promotion. Promotions are planned and known weeks ahead. */
  readonly promoted: Uint8Array
  /** 1 on days on which this series was closed while the shop was open; absent where none is marked. */
  readonly closed?: Uint8Array
  /** 1 on days of school holidays, which are known weeks ahead; absent where it is not known which are. */
  readonly schoolHoliday?: Uint8Array
  /** The type of its store, as the data name it; absent where it is not known. */
  readonly storeType?: string
}

export interface History {
  readonly first: number
  readonly days: number
  /** 1 when the shop was open. A day without a single line counts as closed. */
  readonly open: Uint8Array
  readonly series: readonly Series[]
  /**
   * Index of the last day whose counts were delivered; the last day when absent. Labels may be known for later days.
   */
  readonly loadedUntil?: number
}

export const dayNumber = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY_MS
export const dayText = (day: number): string => utcDay(day * DAY_MS)
/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (day + 4) % 7

/** Whether the shop and the series were open. A closed day has no demand that could be learned, forecast or judged. */
export const isOpen = ({ open }: Pick<History, 'open'>, { closed }: Pick<Series, 'closed'>, index: number): boolean =>
  open[index] === 1 && closed?.[index] !== 1

/** Open days since a series went on sale: one count each. */
export function openDays({ open }: Pick<History, 'open'>, series: Series): number {
  let days = 0
  for (let index = series.onSale; index < open.length; index += 1) days += isOpen({ open }, series, index) ? 1 : 0
  return days
}

/** The days before `end`, a day number. It shares the arrays of the original. */
export function historyUntil(history: History, end: number): History {
  const days = Math.max(0, Math.min(history.days, end - history.first))
  const { loadedUntil, ...rest } = history
  return {
    ...rest,
    days,
    open: history.open.subarray(0, days),
    series: history.series.filter(({ onSale }) => onSale < days).map((series) => seriesUntil(series, days)),
    ...(loadedUntil !== undefined && loadedUntil < days ? { loadedUntil } : {}),
  }
}

function seriesUntil({ closed, schoolHoliday, ...series }: Series, days: number): Series {
  const marked = closed?.subarray(0, days)
  return {
    ...series,
    counts: series.counts.subarray(0, days),
    promoted: series.promoted.subarray(0, days),
    ...(marked?.includes(1) ? { closed: marked } : {}),
    ...(schoolHoliday ? { schoolHoliday: schoolHoliday.subarray(0, days) } : {}),
  }
}

/**
 * A weekday counts as planned closed if the shop was closed on it in at least seven of the eight weeks up to `origin`.
 */
export function plannedOpen({ open }: History, target: number, origin: number): boolean {
  let seen = 0
  let closed = 0
  for (let index = target - 7 * Math.ceil((target - origin) / 7); index >= 0 && seen < 8; index -= 7) {
    seen += 1
    closed += open[index] === 1 ? 0 : 1
  }
  return seen === 0 || closed < Math.ceil(seen * 0.8)
}
