/**
 * Whether the daily effects look like one constant effect, or like effects that vary from day to day around the margin
 * that must be passed. Cochran's Q sees only how far the days are apart; this comparison also sees how far they are
 * from the margin together, and that a day may be like the day before (docs/decisions/192).
 */
import type { DayEffect } from './heterogeneity.js'

/** Correlations of one day's effect with the next. */
const CORRELATIONS = [0, 0.3, 0.6]
/** Variances between days ÷ the mean variance within a day: factors of √2 from 1/32 to 1,024. */
const VARIANCES = Array.from({ length: 31 }, (_, index) => 2 ** (index / 2 - 5))

/** Logarithms may differ in their last digit from one machine to the other, and a recorded number must not. */
const PRECISION = 1e6

/** 2 ln (likelihood of one constant effect ÷ largest likelihood of effects that vary around the margin). */
export function constantEffect(days: readonly DayEffect[], margin: number): number {
  const precision = days.reduce((sum, { variance }) => sum + 1 / variance, 0)
  const mean = days.reduce((sum, { effect, variance }) => sum + effect / variance, 0) / precision
  const within = days.reduce((sum, { variance }) => sum + variance, 0) / days.length
  const varying = VARIANCES.flatMap((factor) =>
    CORRELATIONS.map((correlation) => misfit(days, { mean: margin, variance: factor * within, correlation })),
  )
  const constant = misfit(days, { mean, variance: 0, correlation: 0 })
  return Math.round((Math.min(...varying) - constant) * PRECISION) / PRECISION
}

interface Effects {
  readonly mean: number
  readonly variance: number
  readonly correlation: number
}

/**
 * −2 ln likelihood, apart from a constant, of normal effects of which each resembles the one before (Kalman filter).
 */
function misfit(days: readonly DayEffect[], { mean, variance: between, correlation: r }: Effects): number {
  let [expected, uncertain, sum] = [0, between, 0]
  for (const { effect, variance } of days) {
    const total = uncertain + variance
    const surprise = effect - mean - expected
    sum += Math.log(total) + (surprise * surprise) / total
    const gain = uncertain / total
    expected = r * (expected + gain * surprise)
    uncertain = r * r * (uncertain - gain * uncertain) + (1 - r * r) * between
  }
  return sum
}
