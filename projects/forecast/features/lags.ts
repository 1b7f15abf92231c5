/**
 * Means over an input's days. Closed, unknown and promoted days are left out: a promotion must not raise the usual
 * level.
 */
import { type DemandInput, USUAL_DAYS, usualOf } from './demand-input.js'

/** Order lines added before logarithms and quotients, to keep them away from zero. */
export const FLOOR = 0.3

export interface Lags {
  /** Order lines of a usual day, and the same with the floor added. Features are relative to the latter. */
  readonly usual: number
  readonly scale: number
  /** Mean of the last n days; NaN where all are left out. */
  level(days: number): number
  /** The newest known days of the target's weekday, newest first, at most 8. */
  readonly sameWeekday: readonly number[]
  readonly promotedMean: number
  readonly zeroShare: number
  readonly deviation: number
  readonly daysSinceSale: number
  readonly yearLevel: number
  readonly yearSeason: number
  /** Share of school holidays in the last n days; NaN where they are not known. */
  holidayShare(days: number): number
  /** Mean of the days that are in school holidays as the target day is, or are not; NaN where none is known. */
  readonly sameHoliday: number
}

export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length

export function lagsOf(input: DemandInput): Lags {
  const { recent, ahead, lastYear } = input
  const promoted = new Set(input.promotedDaysAgo)
  const last = recent.length - 1
  /** By days ago; null where the day is left out. */
  const ordinary = (ago: number): number | null => (promoted.has(ago) ? null : (recent[last - ago] ?? null))
  const within = (days: number): number[] => {
    const values: number[] = []
    for (let ago = 0; ago < days && ago <= last; ago += 1) {
      const count = ordinary(ago)
      if (count !== null) values.push(count)
    }
    return values
  }
  const sameWeekday: number[] = []
  for (let ago = 7 * Math.ceil(ahead / 7) - ahead; ago <= last && sameWeekday.length < 8; ago += 7) {
    const count = ordinary(ago)
    if (count !== null) sameWeekday.push(count)
  }
  const eightWeeks = within(USUAL_DAYS)
  const usual = usualOf(input)
  const squares = eightWeeks.reduce((sum, value) => sum + (value - usual) ** 2, 0)
  const sold = recent.findLastIndex((count) => count !== null && count > 0)
  const year = (from: number, to: number) => meanOf(lastYear.slice(from, to).filter((count) => count !== null))
  return {
    usual,
    scale: usual + FLOOR,
    level: (days) => meanOf(within(days)),
    sameWeekday,
    promotedMean: meanOf(input.promotedDaysAgo.flatMap((ago) => recent[last - ago] ?? [])),
    zeroShare: meanOf(eightWeeks.map((count) => (count === 0 ? 1 : 0))),
    deviation: eightWeeks.length === 0 ? Number.NaN : Math.sqrt(squares / eightWeeks.length),
    daysSinceSale: sold < 0 ? recent.length : last - sold,
    yearLevel: year(0, USUAL_DAYS),
    yearSeason: year(Math.max(0, lastYear.length - 15), lastYear.length),
    ...holidaysOf(input, ordinary),
  }
}

/** @param ordinary a day's count by days ago; null where the day is left out */
function holidaysOf(
  { schoolHoliday, schoolHolidaysAgo, recent }: DemandInput,
  ordinary: (ago: number) => number | null,
): Pick<Lags, 'holidayShare' | 'sameHoliday'> {
  if (!schoolHolidaysAgo || schoolHoliday === undefined)
    return { holidayShare: () => Number.NaN, sameHoliday: Number.NaN }
  const holidays = new Set(schoolHolidaysAgo)
  const same = recent.flatMap((_, ago) => (holidays.has(ago) === schoolHoliday ? (ordinary(ago) ?? []) : []))
  return {
    holidayShare: (days) => schoolHolidaysAgo.filter((ago) => ago < days).length / Math.min(days, recent.length),
    sameHoliday: meanOf(same),
  }
}
