import { deviations, meanOf, type Stratum, together } from './strata.js'

export interface Stratified {
  /** Challenger minus reference mean. */
  readonly effect: number
  /** Zero where all values are the same. */
  readonly standardError: number
  /** Variance with the entity as unit ÷ with the decision as unit, at least the floor. */
  readonly designEffect: number
  /** Σ n₁n₀/(n₁+n₀) over the days. */
  readonly weight: number
  /** Independent decisions at an equal split that carry as much: 4 × weight ÷ designEffect. */
  readonly information: number
}

/**
 * Difference of means, stratified by day with weights n₁n₀/(n₁+n₀). The variance between decisions is the
 * larger of judge 1's and that of equal arms; sums by entity can only raise it.
 * @param clusterSquares Σ over entities of (Σ ± weighted residual)²; undefined where each decision is an entity
 * @param floor smallest design effect
 * @returns null without a day
 */
export function stratified(
  strata: readonly Stratum[],
  clusterSquares: number | undefined,
  floor: number,
): Stratified | null {
  if (strata.length === 0) return null
  return fromSums(stratifiedSums(strata), clusterSquares, floor)
}

export interface StratifiedSums {
  readonly weight: number
  readonly weightedEffect: number
  /** Of weightedEffect, with the decision as unit. */
  readonly variance: number
  /** The sums over entities, if each decision were an entity. */
  readonly byDecision: number
}

export function stratifiedSums(strata: readonly Stratum[]): StratifiedSums {
  // A small arm that saw no loss has no variance of its own, and would look certain.
  const variances = strata.map((stratum) => Math.max(varianceWithin(stratum), varianceTogether(stratum)))
  let [weight, weightedEffect, variance] = [0, 0, 0]
  strata.forEach(({ one, zero, weight: ofDay }, index) => {
    weight += ofDay
    weightedEffect += ofDay * (meanOf(one) - meanOf(zero))
    variance += ofDay * ofDay * (variances[index] ?? 0)
  })
  return { weight, weightedEffect, variance, byDecision: independentSquares(strata) }
}

/** @param floor smallest design effect */
export function fromSums(
  { weight, weightedEffect, variance, byDecision }: StratifiedSums,
  clusterSquares: number | undefined,
  floor: number,
): Stratified {
  const measured = clusterSquares !== undefined && byDecision > 0 ? clusterSquares / byDecision : 1
  const designEffect = Math.max(floor, measured)
  return {
    effect: weightedEffect / weight,
    standardError: Math.sqrt(variance * designEffect) / weight,
    designEffect,
    weight,
    information: (4 * weight) / designEffect,
  }
}

const independentSquares = (strata: readonly Stratum[]): number =>
  strata.reduce((sum, { one, zero }) => {
    const all = one.n + zero.n
    return sum + (zero.n / all) ** 2 * deviations(one) + (one.n / all) ** 2 * deviations(zero)
  }, 0)

/** Variance of the difference of means. A single observation has no variance, so the other arm's is used for it. */
function varianceWithin({ one, zero }: Stratum): number {
  const own = { one: variance(one), zero: variance(zero) }
  return (own.one ?? own.zero ?? 0) / one.n + (own.zero ?? own.one ?? 0) / zero.n
}

/** The same if both arms have the same distribution: a small arm's own variance misses a tail that it did not see. */
export const varianceTogether = (stratum: Stratum): number =>
  (variance(together(stratum)) ?? 0) * (1 / stratum.one.n + 1 / stratum.zero.n)

const variance = (cell: Stratum['one']): number | undefined =>
  cell.n < 2 ? undefined : deviations(cell) / (cell.n - 1)
