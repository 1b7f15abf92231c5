import { mixtureRho } from '../confidence-sequence.js'

/**
 * Boundary of the confidence sequence in standard errors (judge 1 has the same one, docs/architecture.md). Its time is
 * the information: decisions of a small arm inform less than they count, and those of one entity less than their number.
 */
export function sequenceBoundary(
  information: number,
  { alpha, tunedFor }: { alpha: number; tunedFor: number },
): number {
  const grown = information * mixtureRho(alpha, tunedFor) ** 2
  return Math.sqrt(2 * (1 + 1 / grown) * Math.log(Math.sqrt(1 + grown) / alpha))
}
