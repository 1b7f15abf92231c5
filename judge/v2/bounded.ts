/**
 * Empirical-Bernstein confidence sequence for the stratified difference of means of bounded losses (Waudby-Smith and
 * Ramdas, arXiv 2010.09686, theorem 2; stratified in the manner of Spertus, Sridhar and Stark, arXiv 2409.06680). It is
 * valid at every look and for every distribution within the bounds, however few decisions there are.
 *
 * For a loss Y in [0, 1], any μ̂ fixed before it and 0 ≤ a < 1: E exp(±a(Y − μ) − ψ(a)(Y − μ̂)²) ≤ 1. Every decision
 * gets a = λ × its weight in the stratified effect; the product over all is an e-value for the weighted effect itself,
 * and needs of each day only count, sum and sum of squares. A mixture over λ needs no tuning.
 */
import type { Cell, Stratum } from './strata.js'

export interface BoundedRequest {
  readonly bounds: { readonly lowest: number; readonly highest: number }
  readonly alpha: number
  readonly tunedFor: number
  /** An entity with m equal decisions is one decision with m times the weight. */
  readonly designEffect: number
}

/** Half-width around the stratified effect. */
export function boundedHalfWidth(strata: readonly Stratum[], request: BoundedRequest): number {
  const { bounds, alpha, tunedFor, designEffect } = request
  const range = bounds.highest - bounds.lowest
  const scaled = scale(strata, bounds.lowest, range)
  const weight = strata.reduce((sum, stratum) => sum + stratum.weight, 0)
  return (range * weightedDeviation(scaled, { alpha, tunedFor, designEffect })) / weight
}

/** Half-width around the mean of paired differences, whose bounds are plus and minus the range of a loss. */
export function boundedPairedHalfWidth(days: readonly Cell[], request: BoundedRequest): number {
  const { bounds } = request
  const range = bounds.highest - bounds.lowest
  const squaresOf = createPrediction(-range, 2 * range)
  const scaled = days.map((day) => ({ one: { weight: 1, squares: squaresOf(day) }, zero: { weight: 0, squares: 0 } }))
  return (2 * range * weightedDeviation(scaled, request)) / days.reduce((sum, { n }) => sum + n, 0)
}

/** Bound of the weighted sum of deviations of losses that are scaled to [0, 1]. */
function weightedDeviation(
  spreads: readonly Spread[],
  { alpha, tunedFor, designEffect }: Omit<BoundedRequest, 'bounds'>,
): number {
  const stakes = stakesFor(alpha, tunedFor)
  const costs = stakes.map(
    ({ stake }) => spreads.reduce((sum, spread) => sum + costOf(spread, stake), 0) / designEffect,
  )
  return deviation(stakes, costs, alpha, designEffect)
}

/** Σ over decisions of (weight × distance from the prediction)². */
export function unpredicted(strata: readonly Stratum[], { lowest, highest }: BoundedRequest['bounds']): number {
  const range = highest - lowest
  const squares = ({ one, zero }: Spread) => one.weight ** 2 * one.squares + zero.weight ** 2 * zero.squares
  return range * range * scale(strata, lowest, range).reduce((sum, spread) => sum + squares(spread), 0)
}

/**
 * The same from `unpredicted` alone, and never narrower: ψ(a × weight) ≤ weight² × ψ(a), because weights are at most 1.
 * @param request.level the error rate; the stakes are those for `alpha`, so that conclusions at several levels are
 * nested
 */
export function boundedHalfWidthOfSums(
  sums: { readonly weight: number; readonly unpredicted: number },
  { bounds, alpha, tunedFor, designEffect, level }: BoundedRequest & { readonly level: number },
): number {
  const range = bounds.highest - bounds.lowest
  const stakes = stakesFor(alpha, tunedFor)
  const squares = sums.unpredicted / (range * range)
  const costs = stakes.map(({ stake }) => (psi(stake) * squares) / designEffect)
  return (range * deviation(stakes, costs, level, designEffect)) / sums.weight
}

interface Spread {
  /** Weight of a single decision of each arm, and its squared distances from the prediction. */
  readonly one: { readonly weight: number; readonly squares: number }
  readonly zero: { readonly weight: number; readonly squares: number }
}

const psi = (a: number): number => -Math.log1p(-a) - a

const costOf = ({ one, zero }: Spread, stake: number): number =>
  psi(stake * one.weight) * one.squares + psi(stake * zero.weight) * zero.squares

/** Squared distances of a cell's scaled values from a prediction that uses only the cells before it. */
function createPrediction(lowest: number, range: number): (cell: Cell) => number {
  // Half an observation in the middle of the bounds, until there are others.
  let [count, sum] = [0.5, 0.25]
  return ({ n, sum: total, squares }) => {
    const mean = (total / n - lowest) / range
    const within = Math.max(0, squares - (total * total) / n) / (range * range)
    const predicted = sum / count
    count += n
    sum += n * mean
    return within + n * (mean - predicted) ** 2
  }
}

/** In the order of the days, and on each day the larger arm first. */
function scale(strata: readonly Stratum[], lowest: number, range: number): Spread[] {
  const squaresOf = createPrediction(lowest, range)
  return strata.map(({ one, zero }) => {
    const all = one.n + zero.n
    const [oneFirst, zeroFirst] = [one.n > zero.n, one.n <= zero.n]
    const early = oneFirst ? squaresOf(one) : squaresOf(zero)
    const later = zeroFirst ? squaresOf(one) : squaresOf(zero)
    return {
      one: { weight: zero.n / all, squares: oneFirst ? early : later },
      zero: { weight: one.n / all, squares: oneFirst ? later : early },
    }
  })
}

interface Stake {
  readonly stake: number
  readonly logPrior: number
}

const HIGHEST_STAKE = 0.95
/**
 * Variance of a loss within the bounds 0 and 1 for which the most likely stake is best: most losses have .03 to .25.
 */
const USUAL_VARIANCE = 0.1

/** Stakes in steps of factor 2 around the one that is best at `tunedFor`; the further away, the less prior weight. */
function stakesFor(alpha: number, tunedFor: number): Stake[] {
  const best = Math.min(HIGHEST_STAKE, Math.sqrt((8 * Math.log(2 / alpha)) / (tunedFor * USUAL_VARIANCE)))
  const stakes: { stake: number; prior: number }[] = []
  for (let step = -10; step <= 10; step += 1) {
    const stake = best * 2 ** step
    if (stake <= HIGHEST_STAKE) stakes.push({ stake, prior: 1 / (1 + step * step) })
  }
  const total = stakes.reduce((sum, { prior }) => sum + prior, 0)
  return stakes.map(({ stake, prior }) => ({ stake, logPrior: Math.log(prior / total) }))
}

/**
 * The x at which Σ prior × exp(stake × x − cost) reaches 2 ÷ alpha, by Newton's method from the right: it is convex.
 */
function deviation(stakes: readonly Stake[], costs: readonly number[], alpha: number, designEffect: number): number {
  const target = Math.log(2 / alpha)
  const logs = stakes.map(({ logPrior }, index) => logPrior - (costs[index] ?? 0))
  let x = Math.min(...stakes.map(({ stake }, index) => ((target - (logs[index] ?? 0)) * designEffect) / stake))
  for (let round = 0; round < 50; round += 1) {
    const terms = stakes.map(({ stake }, index) => (logs[index] ?? 0) + (stake * x) / designEffect)
    const highest = Math.max(...terms)
    const shares = terms.map((term) => Math.exp(term - highest))
    const sum = shares.reduce((a, b) => a + b, 0)
    const slope = shares.reduce((a, share, index) => a + (share * (stakes[index]?.stake ?? 0)) / designEffect, 0) / sum
    const step = (highest + Math.log(sum) - target) / slope
    x -= step
    if (Math.abs(step) < 1e-12 * (1 + x)) break
  }
  return x
}
