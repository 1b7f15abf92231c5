/** When a forecast is made, and when its label becomes known. */
import { DAY_MS } from '../../../contracts/duration.js'

/** Days from the last known day to the day forecast. */
export const HORIZON_DAYS = 7

/** A day's counts are posted at 22:00 of that day, and forecasts are made immediately. */
export const POSTED_MS = 22 * 3_600_000

export const postedAt = (day: number): number => day * DAY_MS + POSTED_MS

/** The newest day whose counts were posted before an instant. */
export const dayKnownBy = (instant: number): number => Math.ceil((instant - POSTED_MS) / DAY_MS) - 1
