import type { SegmentSums } from '../../../contracts/types.js'
import { unpredicted } from '../bounded.js'
import { dayEffects, heterogeneityOf } from '../heterogeneity.js'
import type { Settings } from '../settings.js'
import type { Stratum } from '../strata.js'
import { stratifiedSums } from '../stratified.js'

/** The days of one segment, summed up. */
export function segmentSums(
  name: string,
  strata: readonly Stratum[],
  byEntity: number,
  bounds: Settings['bounds'],
): SegmentSums {
  const { weight, weightedEffect, variance, byDecision } = stratifiedSums(strata)
  const differs = heterogeneityOf(dayEffects(strata))
  const squaredWeights = strata.reduce((sum, stratum) => sum + stratum.weight * stratum.weight, 0)
  const decisions = (arm: 'one' | 'zero') => strata.reduce((sum, stratum) => sum + stratum[arm].n, 0)
  return {
    name,
    days: strata.length,
    challenger: decisions('one'),
    reference: decisions('zero'),
    weight,
    weightedEffect,
    variance,
    byDecision,
    byEntity,
    ...(bounds ? { unpredicted: unpredicted(strata, bounds) } : {}),
    comparableDays: differs?.days ?? 0,
    betweenDays: differs ? differs.tau2 * differs.persistence * squaredWeights : 0,
  }
}
