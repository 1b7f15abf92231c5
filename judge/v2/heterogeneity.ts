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
  /** What a mean of such days varies ÷ what τ² says of independent days: above 1 where a day is like the day before. */
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

export const dayEffects = (strata: readonly Stratum[]): DayEffect[] =>
  strata.map((stratum) => ({
    effect: meanOf(stratum.one) - meanOf(stratum.zero),
    variance: clusteredVariance(stratum),
    weight: stratum.weight,
  }))

export function comparable(all: readonly DayEffect[]): readonly DayEffect[] {
  const largest = all.reduce((most, { weight }) => Math.max(most, weight), 0)
  return all.filter(({ weight, variance }) => weight >= COMPARABLE * largest && variance > 0)
}

/** Null with fewer than two comparable days. */
export function heterogeneityOf(all: readonly DayEffect[]): Heterogeneity | null {
  const days = comparable(all)
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

/**
 * Correlations of one day’s true effect with the next that a few weeks can tell apart: the estimate is bounded by them.
 */
const LOWEST_CORRELATION = 0.5
const HIGHEST_CORRELATION = 0.8

/**
 * Where a day is like the day before, the mean of n days varies more than τ²/n, and τ², which is measured around that
 * mean, is too small. Both are corrected: with v = variance of the mean ÷ variance of a day, the expected τ² is n(1 −
 * v)/(n − 1) of the true one. The estimate of the correlation has a bias of about −(1 + 3r)/days, and the chance within
 * a day, which is not correlated, dilutes it. It has a standard error of about .3 with ten days, so that a small
 * estimate does not show that days are independent (docs/decisions/192).
 */
function persistenceOf(days: readonly Day[], tau2: number): number {
  if (tau2 === 0) return 1
  const n = days.length
  const r = Math.min(HIGHEST_CORRELATION, Math.max(LOWEST_CORRELATION, correlationOf(days, tau2)))
  let v = 1 / n
  for (let apart = 1; apart < n; apart += 1) v += (2 / n) * (1 - apart / n) * r ** apart
  return ((n - 1) * v) / (1 - v)
}

function correlationOf(days: readonly Day[], tau2: number): number {
  const n = days.length
  if (n < 4) return 0
  const mean = weightedMean(days, tau2)
  const scaled = days.map(({ effect, variance }) => (effect - mean) / Math.sqrt(variance + tau2))
  const total = scaled.reduce((sum, value) => sum + value * value, 0)
  const next = scaled.reduce((sum, value, index) => sum + value * (scaled[index + 1] ?? 0), 0)
  const signal = days.reduce((sum, { variance }) => sum + tau2 / (variance + tau2), 0) / n
  return (next / total + 1 / n) / (1 - 3 / n) / signal
}
