/** Whether the daily effects disagree so much that a promotion must not rest on the days that were seen. */
import { REQUIRED } from '../conditions.js'
import type { Effect } from './effects.js'
import type { Heterogeneity } from './heterogeneity.js'
import { errorBetweenDays, type Interval } from './interval.js'
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

/** A policy that states a p-value is judged by it alone. */
export function daysDisagree(settings: Settings, effect: Effect): boolean {
  const { differs, interval } = effect
  if (!differs) return false
  if (differs.p < (settings.daysDisagreeAlpha ?? LEVEL)) return true
  if (settings.daysDisagreeAlpha !== null || !concludes(settings, interval)) return false
  return differs.p < levelFor(differs.days) || !concludes(settings, forDaysLikeThese(effect, differs))
}

const concludes = (settings: Settings, interval: Interval | null): boolean =>
  conclusionsOf(settings, interval, null).includes(REQUIRED[settings.objective])

/** Effects of days that resemble the day before drift too slowly for Q, but they widen this interval. */
function forDaysLikeThese({ strata, measured }: Effect, differs: Heterogeneity): Interval | null {
  if (!measured) return null
  const width = PLAIN * Math.hypot(measured.standardError, errorBetweenDays(strata, differs))
  return [measured.effect - width, measured.effect + width]
}
