import { mixtureRho } from '../confidence-sequence.js'

/**
 * Boundary of the confidence sequence in standard errors (judge 1 has the same one, docs/architecture.md). Its time is
 * the information: decisions of a small arm inform less than they count, and those of one entity less than their
 * number.
 */
export function sequenceBoundary(
  information: number,
  { alpha, tunedFor }: { alpha: number; tunedFor: number },
): number {
  return boundaryFor(mixtureRho(alpha, tunedFor), information, alpha)
}

/** For a given ρ the boundary grows as alpha becomes smaller, so that conclusions at several levels are nested. */
export function boundaryFor(rho: number, information: number, alpha: number): number {
  const grown = information * rho ** 2
  return Math.sqrt(2 * (1 + 1 / grown) * Math.log(Math.sqrt(1 + grown) / alpha))
}
