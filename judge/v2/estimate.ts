import type { Evidence, Judgement } from '../../contracts/types.js'
import { calibration } from '../early-estimate.js'
import { estimateCell } from './cells.js'
import { sequenceBoundary } from './sequence.js'
import type { Settings } from './settings.js'
import { strataOf } from './strata.js'
import { stratified } from './stratified.js'

/** The early estimate of judge 1 (judge/early-estimate.ts), with the entity as unit. */
export function estimateOf(settings: Settings, evidence: Evidence): Judgement['numbers']['estimate'] {
  const { cohorts, arms, clusters } = evidence
  const strata = strataOf(cohorts, arms, estimateCell)
  const measured = stratified(strata, clusters?.estimate, settings.designEffect)
  if (!measured) return null
  const { effect, standardError, information } = measured
  const width = sequenceBoundary(information, settings) * standardError
  const decisions = (arm: string) => cohorts.reduce((sum, c) => sum + (c.arm === arm && !c.mature ? c.estimated : 0), 0)
  return {
    decisions: { challenger: decisions(arms.challenger), reference: decisions(arms.reference) },
    effect,
    interval: standardError > 0 ? [effect - width, effect + width] : null,
    calibration: {
      challenger: calibration(cohorts, arms.challenger),
      reference: calibration(cohorts, arms.reference),
    },
  }
}
