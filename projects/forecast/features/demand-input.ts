/** The input of a decision: what is known about one series when one of its days is forecast. Clients send the same. */
import { dayText, type History, isOpen, type Series } from '../counts/history.js'

/** How many days of counts an input has, and how many of them define the usual level. */
export const RECENT_DAYS = 112
export const USUAL_DAYS = 56
/** The same weekday a year ago. */
const YEAR_DAYS = 364
/** Days on either side of the target's counterpart a year ago. */
const SEASON_DAYS = 7

/**
 * A day's count; null when the shop or the series was closed, the series was not yet on sale, or the count was not
 * delivered.
 */
type Count = number | null

export interface DemandInput {
  readonly series: string
  /** The day that is forecast, `2024-03-12`. */
  readonly day: string
  /** Days from the last known day to it. */
  readonly ahead: number
  /** Whether it has a promotion. */
  readonly promoted: boolean
  /** The last known days, oldest first, at most 112. */
  readonly recent: readonly Count[]
  /** Which of them had a promotion: 0 is the last known day, 1 the one before. */
  readonly promotedDaysAgo: readonly number[]
  /** 364 days ago: from 55 days before the last known day to 7 days after the target. Empty when not known. */
  readonly lastYear: readonly Count[]
  /** Whether the day that is forecast is in school holidays; absent when not known. */
  readonly schoolHoliday?: boolean
  /** Which of the last known days were in school holidays, as `promotedDaysAgo`; absent when not known. */
  readonly schoolHolidaysAgo?: readonly number[]
  /** The type of the series' store; absent when not known. */
  readonly storeType?: string
}

/** With a value that a live input does not have. It is for leaking features, which the gate must find. */
export type SeenDemand = DemandInput & { readonly dayBefore?: Count }

/**
 * @param target index of the day that is forecast
 * @param ahead days from the last known one to it
 */
export function inputAt(history: History, series: Series, target: number, ahead: number): DemandInput {
  const known = target - ahead
  const count = countsOf(history, series, known)
  const from = Math.max(0, known + 1 - RECENT_DAYS)
  const recent: Count[] = []
  const promotedDaysAgo: number[] = []
  const schoolHolidaysAgo: number[] = []
  for (let index = from; index <= known; index += 1) {
    recent.push(count(index))
    if (series.promoted[index] === 1) promotedDaysAgo.push(known - index)
    if (series.schoolHoliday?.[index] === 1) schoolHolidaysAgo.push(known - index)
  }
  const yearFrom = known - YEAR_DAYS - USUAL_DAYS + 1
  const lastYear: Count[] = []
  if (yearFrom >= series.onSale)
    for (let index = yearFrom; index <= target - YEAR_DAYS + SEASON_DAYS; index += 1) lastYear.push(count(index))
  return {
    series: series.code,
    day: dayText(history.first + target),
    ahead,
    promoted: series.promoted[target] === 1,
    recent,
    promotedDaysAgo,
    lastYear,
    ...(series.schoolHoliday ? { schoolHoliday: series.schoolHoliday[target] === 1, schoolHolidaysAgo } : {}),
    ...(series.storeType === undefined ? {} : { storeType: series.storeType }),
  }
}

/** An input made offline, where later counts are known, too. */
export const seenAt = (history: History, series: Series, target: number, ahead: number): SeenDemand => ({
  ...inputAt(history, series, target, ahead),
  dayBefore: countsOf(history, series, target)(target - 1),
})

function countsOf(history: History, series: Series, known: number) {
  const last = Math.min(known, history.loadedUntil ?? known)
  return (index: number): Count =>
    index >= series.onSale && index <= last && isOpen(history, series, index) ? (series.counts[index] as number) : null
}

/**
 * The usual level: mean order lines of an open day without promotion in the last 56 days. Losses are measured in it, so
 * it is computed from the input and is the same for every model.
 */
export function usualOf({ recent, promotedDaysAgo }: Pick<DemandInput, 'recent' | 'promotedDaysAgo'>): number {
  const promoted = new Set(promotedDaysAgo)
  let sum = 0
  let days = 0
  const from = Math.max(0, recent.length - USUAL_DAYS)
  for (let index = from; index < recent.length; index += 1) {
    const count = recent[index] as Count
    if (count === null || promoted.has(recent.length - 1 - index)) continue
    sum += count
    days += 1
  }
  return days === 0 ? 0 : sum / days
}
