/**
 * Asymptotic confidence sequence (Waudby-Smith et al., arXiv 2103.06476, in the form GrowthBook uses): valid at every
 * look, however many there are. docs/architecture.md has the formula.
 */

/** ρ that makes the sequence tightest at `tunedFor` observations. */
export function mixtureRho(alpha: number, tunedFor: number): number {
  const logTerm = -2 * Math.log(alpha)
  return Math.sqrt((logTerm + Math.log(logTerm + 1)) / tunedFor)
}

/**
 * Half-width around an estimate from `n` observations.
 * @param variance s² = n·SE², in squared units of the estimate
 */
export function halfWidth(request: { n: number; variance: number; alpha: number; tunedFor: number }): number {
  const { n, variance, alpha, tunedFor } = request
  const rho = mixtureRho(alpha, tunedFor)
  const scaled = n * rho * rho + 1
  return Math.sqrt(variance) * Math.sqrt(((2 * scaled) / (n * rho * (n * rho))) * Math.log(Math.sqrt(scaled) / alpha))
}
