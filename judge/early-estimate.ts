/**
 * The expected loss of decisions without a final label, if the releases' probabilities are calibrated (CBPE:
 * confidence-based performance estimation). It does not see that a relation between input and label changed, so it may
 * only pause.
 */
import type { Arm } from '../contracts/names.js'
import type { Cohort, Evidence, Judgement, PastLook } from '../contracts/types.js'
import { halfWidth } from './confidence-sequence.js'
import type { Settings } from './settings.js'
import { stratifiedEffect } from './stratified-effect.js'

export const ESTIMATED_HARM = 'estimated_harm'

type Estimate = NonNullable<Judgement['numbers']['estimate']>

/** The estimate over immature cohorts, with all their decisions: those whose label arrived early are not excluded. */
export function earlyEstimate({ cohorts, arms }: Evidence, settings: Settings): Estimate | null {
  const open = cohorts.filter(({ mature }) => !mature).map(asMeasured)
  const measured = stratifiedEffect(open, arms.challenger, arms.reference)
  if (!measured) return null
  const { alpha, tunedFor, designEffect } = settings
  const { n, effect } = measured
  const variance = n * measured.standardError * measured.standardError * designEffect
  const width = variance > 0 ? halfWidth({ n, variance, alpha, tunedFor }) : null
  const decisions = (arm: Arm) => open.reduce((sum, cohort) => sum + (cohort.arm === arm ? cohort.labelled : 0), 0)
  return {
    decisions: { challenger: decisions(arms.challenger), reference: decisions(arms.reference) },
    effect,
    interval: width === null ? null : [effect - width, effect + width],
    calibration: {
      challenger: calibration(cohorts, arms.challenger),
      reference: calibration(cohorts, arms.reference),
    },
  }
}

/** Pauses once per phase: an operator who resumed has seen it, and the next day's estimate would be nearly the same. */
export function estimatePauses(estimate: Estimate | null, settings: Settings, looks: readonly PastLook[]): boolean {
  const limit = settings.earlyEstimate
  if (!limit || !estimate?.interval) return false
  const fewest = Math.min(estimate.decisions.challenger, estimate.decisions.reference)
  const seen = looks.some(({ action, reason }) => action === 'pause' && reason === ESTIMATED_HARM)
  return !seen && fewest >= limit.minDecisions && estimate.interval[0] > limit.pauseAbove
}

const asMeasured = (cohort: Cohort): Cohort => ({
  ...cohort,
  mature: true,
  labelled: cohort.estimated,
  lossSum: cohort.expectedLossSum,
  lossSumSquares: cohort.expectedLossSumSquares,
})

/** Estimated over observed mean loss on mature days. */
export function calibration(cohorts: readonly Cohort[], arm: Arm): number | null {
  const mature = cohorts.filter((c) => c.arm === arm && c.mature && c.labelled > 0 && c.estimated > 0)
  const total = (pick: (cohort: Cohort) => number) => mature.reduce((sum, cohort) => sum + pick(cohort), 0)
  const observed = total((c) => c.lossSum) / total((c) => c.labelled)
  return observed > 0 ? total((c) => c.expectedLossSum) / total((c) => c.estimated) / observed : null
}
