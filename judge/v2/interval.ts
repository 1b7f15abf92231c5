import { boundedHalfWidth } from './bounded.js'
import type { Heterogeneity } from './heterogeneity.js'
import { sequenceBoundary } from './sequence.js'
import type { Settings } from './settings.js'
import type { Stratum } from './strata.js'
import type { Stratified } from './stratified.js'
import { studentFor } from './student.js'

export type Interval = [number, number]

/** Comparable mature days from which `random` concludes: fewer cannot show how much days differ. */
export const FEWEST_DAYS = 5

export interface IntervalRequest {
  readonly strata: readonly Stratum[]
  readonly measured: Stratified
  readonly differs: Heterogeneity | null
  /** Half-width in standard errors by a group-sequential plan: null where the look is no analysis; else undefined. */
  readonly planned?: number | null
}

/** Interval around the effect by the policy's method; null where it cannot be computed yet. */
export function intervalOf(settings: Settings, request: IntervalRequest): Interval | null {
  const { measured, planned } = request
  if (measured.standardError === 0 || planned === null) return null
  const boundary = planned ?? sequenceBoundary(measured.information, settings)
  const width =
    settings.acrossDays === 'random'
      ? randomHalfWidth(settings, request, boundary)
      : fixedHalfWidth(settings, request, boundary)
  // With few days Student's t has values too large to be a number.
  return width === null || width === Number.POSITIVE_INFINITY
    ? null
    : [measured.effect - width, measured.effect + width]
}

function fixedHalfWidth(settings: Settings, { strata, measured }: IntervalRequest, boundary: number): number {
  const { method, bounds, alpha, tunedFor } = settings
  const { designEffect } = measured
  return method === 'bounded' && bounds
    ? boundedHalfWidth(strata, { bounds, alpha, tunedFor, designEffect })
    : boundary * measured.standardError
}

/** Standard error of the effect that comes from the differences between days alone. */
export function errorBetweenDays(days: readonly { readonly weight: number }[], differs: Heterogeneity | null): number {
  if (!differs) return 0
  let [weights, squares] = [0, 0]
  for (const { weight } of days) {
    weights += weight
    squares += weight * weight
  }
  return Math.sqrt(differs.tau2 * differs.persistence * squares) / weights
}

/**
 * For days like these: the variance between days is added, and the critical value is Student's t with as many degrees
 * of freedom as there are days less one, because that variance is estimated from few days.
 */
function randomHalfWidth(settings: Settings, request: IntervalRequest, boundary: number): number | null {
  const { strata, differs } = request
  if (!differs || differs.days < FEWEST_DAYS) return null
  const between = errorBetweenDays(strata, differs)
  const critical = studentFor(boundary, differs.days - 1)
  const within = fixedHalfWidth(settings, request, critical)
  return Math.hypot(within, critical * between)
}
