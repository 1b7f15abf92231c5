import { normalQuantile, normalTail } from '../normal.js'

export type Spending = 'obrien_fleming' | 'pocock'

/**
 * The part of a two-sided alpha that is spent at a fraction of the plan (Lan and DeMets 1983), half of it on each side.
 * @param fraction above 0; from 1 on all of alpha is spent
 */
export function spentBy(spending: Spending, alpha: number, fraction: number): number {
  if (fraction >= 1) return alpha
  return spending === 'pocock'
    ? alpha * Math.log(1 + (Math.E - 1) * fraction)
    : 4 * normalTail(normalQuantile(alpha / 4) / Math.sqrt(fraction))
}
