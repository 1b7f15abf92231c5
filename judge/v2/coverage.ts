import type { Evidence } from '../../contracts/types.js'
import { coverageCell } from './cells.js'
import { sequenceBoundary } from './sequence.js'
import type { Settings } from './settings.js'
import { type Cell, meanOf, type Stratum, strataOf } from './strata.js'
import { stratified } from './stratified.js'

export interface Coverage {
  /** Share of labelled decisions in each arm, stratified by day as the effect is; null without a common day. */
  readonly shares: { readonly challenger: number | null; readonly reference: number | null }
  readonly difference: { effect: number; interval: [number, number] | null } | null
}

/** Label coverage. Pooled over a ramp, a difference on every day can vanish, and one can appear where there is none. */
export function coverageOf(settings: Settings, { cohorts, arms, clusters }: Evidence): Coverage {
  const strata = strataOf(cohorts, arms, coverageCell)
  const measured = stratified(strata, clusters?.coverage, settings.designEffect)
  if (!measured) return { shares: { challenger: null, reference: null }, difference: null }
  const share = (cell: (stratum: Stratum) => Cell) =>
    strata.reduce((sum, stratum) => sum + stratum.weight * meanOf(cell(stratum)), 0) / measured.weight
  const { effect, standardError, information } = measured
  const width = sequenceBoundary(information, settings) * standardError
  return {
    shares: { challenger: share(({ one }) => one), reference: share(({ zero }) => zero) },
    difference: { effect, interval: standardError > 0 ? [effect - width, effect + width] : null },
  }
}
