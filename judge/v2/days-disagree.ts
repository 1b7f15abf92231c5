/** Whether the daily effects disagree so much that a promotion must not rest on the days that were seen. */
import { REQUIRED } from '../conditions.js'
import { conclusionsOf } from './conclusions.js'
import { constantEffect } from './constant-effect.js'
import { comparable, type DayEffect, type Heterogeneity } from './heterogeneity.js'
import type { Interval } from './interval.js'
import type { Settings } from './settings.js'

/** p-value of Cochran’s Q below which days disagree, whatever else they show. */
const CERTAIN = 0.005
/**
 * 2 ln of the likelihood ratio that a promotion needs: more of one and of two days, which show little of each other.
 */
const LEAST = 2
const LEAST_OF_FEW: Readonly<Record<number, number>> = { 1: 4, 2: 5 }

/** The effect on all days, and what is concluded from it. */
interface Measured {
  readonly daily: readonly DayEffect[]
  readonly differs: Heterogeneity | null
  readonly interval: Interval | null
}

/** A policy that states a p-value is judged by it alone. */
export function daysDisagree(settings: Settings, measured: Measured | null): boolean {
  if (!measured) return false
  const { daily, differs } = measured
  if (differs && differs.p < (settings.daysDisagreeAlpha ?? CERTAIN)) return true
  const constant = constancy(settings, measured)
  return constant !== null && constant < (LEAST_OF_FEW[comparable(daily).length] ?? LEAST)
}

/** How much better a constant effect explains the days; null where that decides nothing. */
export function constancy(settings: Settings, { daily, interval }: Omit<Measured, 'differs'>): number | null {
  const { objective, margins, acrossDays, daysDisagreeAlpha } = settings
  if (acrossDays === 'random' || daysDisagreeAlpha !== null) return null
  if (!conclusionsOf(settings, interval, null).includes(REQUIRED[objective])) return null
  const days = comparable(daily)
  if (days.length === 0) return null
  const passed = {
    superiority: [0],
    non_inferiority: [margins.nonInferiority],
    equivalence: [-margins.tolerance, margins.tolerance],
  }[objective]
  return Math.min(...passed.map((margin) => constantEffect(days, margin)))
}
