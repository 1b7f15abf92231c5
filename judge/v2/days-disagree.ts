/** Whether the daily effects disagree so much that a promotion must not rest on the days that were seen. */
import { REQUIRED } from '../conditions.js'
import type { Heterogeneity } from './heterogeneity.js'
import type { Interval } from './interval.js'
import { conclusionsOf } from './measure.js'
import type { Settings } from './settings.js'

/** p-value of Cochran’s Q below which many days disagree. */
const LEVEL = 0.05
/** From this number of days on; the level grows with the square of what is missing, because few days show little. */
const MANY_DAYS = 10
/** A share of the canaries whose days agree: they wait for further days. */
const HIGHEST_LEVEL = 0.2
/** Standard errors by which the conclusion must hold if the differences between days are counted as chance. */
const PLAIN = 1.5

const levelFor = (days: number): number => Math.max(LEVEL, Math.min(HIGHEST_LEVEL, LEVEL * (MANY_DAYS / days) ** 2))

/** The effect on all days, measured and concluded from. */
interface Measured {
  readonly effect: number
  readonly standardError: number
  /** Standard error that comes from the differences between days alone. */
  readonly between: number
  readonly differs: Heterogeneity | null
  readonly interval: Interval | null
}

/** A policy that states a p-value is judged by it alone. */
export function daysDisagree(settings: Settings, measured: Measured | null): boolean {
  if (!measured?.differs) return false
  const { effect, standardError, between, interval } = measured
  const { p, days } = measured.differs
  if (p < (settings.daysDisagreeAlpha ?? LEVEL)) return true
  if (settings.daysDisagreeAlpha !== null || !concludes(settings, interval)) return false
  // Effects of days that resemble the day before drift too slowly for Q, but they widen this interval.
  const width = PLAIN * Math.hypot(standardError, between)
  return p < levelFor(days) || !concludes(settings, [effect - width, effect + width])
}

const concludes = (settings: Settings, interval: Interval | null): boolean =>
  conclusionsOf(settings, interval, null).includes(REQUIRED[settings.objective])
