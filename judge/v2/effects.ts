/** The effect on all days, and on those that a promotion may use. */
import type { Evidence, SequentialLook } from '../../contracts/types.js'
import { sequentialLook } from '../group-sequential/plan.js'
import { lossCell } from './cells.js'
import { type DayEffect, dayEffects, type Heterogeneity, heterogeneityOf } from './heterogeneity.js'
import { type Interval, intervalOf } from './interval.js'
import type { Settings } from './settings.js'
import { isBalanced, type Stratum, strataOf } from './strata.js'
import { type Stratified, stratified } from './stratified.js'

export interface Effect {
  readonly strata: readonly Stratum[]
  readonly measured: Stratified | null
  /** Effects of the single days. */
  readonly daily: readonly DayEffect[]
  readonly differs: Heterogeneity | null
  readonly interval: Interval | null
}

export interface Effects {
  /** From all days: decides about harm. */
  readonly all: Effect
  /** From balanced days if losses are unbounded, otherwise the same: decides about a promotion. */
  readonly forPromotion: Effect
  readonly sequential: SequentialLook | null
}

export function effectsOf(settings: Settings, evidence: Evidence): Effects {
  const { clusters } = evidence
  const days = strataOf(evidence.cohorts, evidence.arms, lossCell)
  const unbounded = settings.bounds === null
  const promoting = unbounded ? days.filter(isBalanced) : days
  const measure = (strata: readonly Stratum[], squares: number | undefined) => {
    const daily = dayEffects(strata)
    const measured = stratified(strata, squares, settings.designEffect)
    return { strata, measured, daily, differs: heterogeneityOf(daily) }
  }
  const used = measure(promoting, unbounded ? clusters?.balanced : clusters?.effect)
  const sequential = sequentialOf(settings, used, evidence)
  const planned = settings.plan ? { planned: sequential?.boundary ?? null } : {}
  const forPromotion = withInterval(settings, used, planned)
  // A plan is for one series of analyses: if a promotion uses other days, harm is judged by the confidence sequence.
  const all = unbounded ? withInterval(settings, measure(days, clusters?.effect), {}) : forPromotion
  return { all, forPromotion, sequential }
}

const withInterval = (
  settings: Settings,
  effect: Omit<Effect, 'interval'>,
  planned: { readonly planned?: number | null },
): Effect => ({
  ...effect,
  interval: effect.measured && intervalOf(settings, { ...effect, measured: effect.measured, ...planned }),
})

function sequentialOf(
  { plan, alpha, minMature }: Settings,
  { strata, measured }: Omit<Effect, 'interval'>,
  { looks }: Evidence,
): SequentialLook | null {
  if (!plan || !measured || measured.standardError === 0 || fewestIn(strata) < minMature) return null
  return sequentialLook({ plan, alpha }, measured, looks, measured.designEffect)
}

/** Measured decisions of the smaller arm. */
export const fewestIn = (strata: readonly Stratum[]): number =>
  Math.min(...(['one', 'zero'] as const).map((arm) => strata.reduce((sum, stratum) => sum + stratum[arm].n, 0)))
