import type { PastLook, SequentialLook } from '../../contracts/types.js'
import type { Settings } from '../settings.js'
import type { StratifiedEffect } from '../stratified-effect.js'
import { nextBoundary } from './boundaries.js'
import { spentBy } from './spending.js'

type Plan = NonNullable<Settings['plan']>

/** Fraction of the plan. A look that adds less is not an analysis: it would spend alpha for almost no evidence. */
const LEAST_STEP = 0.01
/** Growth of the clock. Below it the integration cannot separate two analyses. */
const LEAST_GROWTH = 1.001
const LEAST_SPEND = 1e-14

/**
 * One look of a group-sequential plan. The instants of looks may depend on how much evidence arrived, never on what it
 * shows.
 * @param looks earlier looks of this phase, oldest first
 */
export function sequentialLook(
  { plan, alpha }: { plan: Plan; alpha: number },
  measured: Pick<StratifiedEffect, 'standardError' | 'weight'>,
  looks: readonly PastLook[],
  designEffect: number,
): SequentialLook {
  const past = looks.flatMap(({ sequential }) => (sequential ? [sequential] : []))
  const analyses = past.flatMap(({ clock, boundary }) => (boundary === null ? [] : [{ clock, boundary }]))
  const last = past.findLast(({ boundary }) => boundary !== null)
  const score = measured.standardError * measured.weight
  const clock = score * score
  const information = (4 * measured.weight) / designEffect
  const fraction = fractionOf(plan, information, past.length + 1)
  const spentBefore = last?.spent ?? 0
  const spent = spentBy(plan.spending, alpha, fraction)
  const grown =
    !last || (clock > last.clock * LEAST_GROWTH && (fraction >= 1 || fraction >= last.fraction + LEAST_STEP))
  if (!grown || spent - spentBefore < LEAST_SPEND) {
    return { information, clock, fraction, spent: spentBefore, boundary: null }
  }
  return { information, clock, fraction, spent, boundary: nextBoundary(analyses, clock, spent - spentBefore) }
}

function fractionOf(plan: Plan, information: number, look: number): number {
  if (plan.plannedInformation !== undefined) return Math.min(1, information / plan.plannedInformation)
  return Math.min(1, look / (plan.plannedLooks ?? look))
}

/** The last planned analysis has happened. */
export const planIsOver = (looks: readonly Pick<PastLook, 'sequential'>[]): boolean =>
  looks.some(({ sequential }) => sequential !== null && sequential.boundary !== null && sequential.fraction >= 1)
