/** How much the daily effects differ, beyond what chance within a day explains. */
import { chiSquareTail } from './special.js'
import { deviations, meanOf, type Stratum } from './strata.js'
import { varianceTogether } from './stratified.js'

export interface Heterogeneity {
  /** Days that were compared. */
  readonly days: number
  /** Cochran's Q and its p-value. */
  readonly q: number
  readonly p: number
  /** Variance of the true effect between days (Paule and Mandel). */
  readonly tau2: number
  /** Variance of a mean of such days ÷ that of independent days: above 1 where a day is like the day before. */
  readonly persistence: number
}

/** The effect on one day, its variance by chance within the day, and what the day weighs in the effect on all days. */
export interface DayEffect {
  readonly effect: number
  readonly variance: number
  readonly weight: number
}

type Day = Omit<DayEffect, 'weight'>

/** A day with less than this part of the largest weight shows mostly chance: its arms are too small. */
const COMPARABLE = 1 / 3

export const heterogeneity = (strata: readonly Stratum[]): Heterogeneity | null =>
  heterogeneityOf(
    strata.map((stratum) => ({
      effect: meanOf(stratum.one) - meanOf(stratum.zero),
      variance: clusteredVariance(stratum),
      weight: stratum.weight,
    })),
  )

/** Null with fewer than two comparable days. */
export function heterogeneityOf(all: readonly DayEffect[]): Heterogeneity | null {
  const largest = all.reduce((most, { weight }) => Math.max(most, weight), 0)
  const days = all.filter(({ weight, variance }) => weight >= COMPARABLE * largest && variance > 0)
  if (days.length < 2) return null
  const q = disagreement(days, 0)
  const tau2 = betweenDays(days, q)
  return {
    days: days.length,
    q,
    p: chiSquareTail(q, days.length - 1),
    tau2,
    persistence: persistenceOf(days, tau2),
  }
}

/** With the entity as unit, and as if both arms had the same distribution. */
function clusteredVariance(stratum: Stratum): number {
  const { one, zero } = stratum
  const byDecision = deviations(one) / one.n ** 2 + deviations(zero) / zero.n ** 2
  const byEntity = one.clusterSquares / one.n ** 2 + zero.clusterSquares / zero.n ** 2
  return varianceTogether(stratum) * (byDecision > 0 ? Math.max(1, byEntity / byDecision) : 1)
}

/** Σ (effect − mean)²/(variance + τ²): Cochran's Q for τ² = 0. */
function disagreement(days: readonly Day[], tau2: number): number {
  const mean = weightedMean(days, tau2)
  return days.reduce((sum, { effect, variance }) => sum + (effect - mean) ** 2 / (variance + tau2), 0)
}

function weightedMean(days: readonly Day[], tau2: number): number {
  let [weights, sum] = [0, 0]
  for (const { effect, variance } of days) {
    weights += 1 / (variance + tau2)
    sum += effect / (variance + tau2)
  }
  return sum / weights
}

/** The τ² for which the days disagree as much as their number less one (Paule and Mandel 1982), by Newton's method. */
function betweenDays(days: readonly Day[], q: number): number {
  const expected = days.length - 1
  if (q <= expected) return 0
  let tau2 = 0
  for (let round = 0; round < 100; round += 1) {
    const mean = weightedMean(days, tau2)
    let [found, slope] = [0, 0]
    for (const { effect, variance } of days) {
      const part = (effect - mean) ** 2 / (variance + tau2)
      found += part
      slope += part / (variance + tau2)
    }
    const step = (found - expected) / slope
    tau2 += step
    if (Math.abs(step) < 1e-13 * tau2) break
  }
  return tau2
}

/** Above this correlation, days are too much alike for their number to say anything. */
const HIGHEST_CORRELATION = 0.8

/**
 * (1 + r)/(1 − r) for the correlation r of one day's true effect with the next. Its estimate has a bias of about
 * −(1 + 3r)/days, and the chance within a day, which is not correlated, dilutes it.
 */
function persistenceOf(days: readonly Day[], tau2: number): number {
  if (tau2 === 0 || days.length < 4) return 1
  const mean = weightedMean(days, tau2)
  const scaled = days.map(({ effect, variance }) => (effect - mean) / Math.sqrt(variance + tau2))
  const total = scaled.reduce((sum, value) => sum + value * value, 0)
  const next = scaled.reduce((sum, value, index) => sum + value * (scaled[index + 1] ?? 0), 0)
  const signal = days.reduce((sum, { variance }) => sum + tau2 / (variance + tau2), 0) / days.length
  const correlation = (next / total + 1 / days.length) / (1 - 3 / days.length) / signal
  const bounded = Math.min(HIGHEST_CORRELATION, Math.max(0, correlation))
  return (1 + bounded) / (1 - bounded)
}
