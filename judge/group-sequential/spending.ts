import { normalQuantile, normalTail } from '../normal.js'

export type Spending = 'obrien_fleming' | 'pocock'

/**
 * How much of a two-sided alpha may be spent by a fraction of the plan (Lan and DeMets 1983), half of it on each side.
 * @param fraction 0 < fraction; beyond 1 everything is spent
 */
export function spentBy(spending: Spending, alpha: number, fraction: number): number {
  if (fraction >= 1) return alpha
  return spending === 'pocock'
    ? alpha * Math.log(1 + (Math.E - 1) * fraction)
    : 4 * normalTail(normalQuantile(alpha / 4) / Math.sqrt(fraction))
}
