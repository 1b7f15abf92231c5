import type { Arm } from '../contracts/names.js'
import type { Cohort, Evidence, Judgement, SequentialLook } from '../contracts/types.js'
import { halfWidth } from './confidence-sequence.js'
import { earlyEstimate } from './early-estimate.js'
import { sequentialLook } from './group-sequential/plan.js'
import { sampleRatioP } from './sample-ratio.js'
import type { Settings } from './settings.js'
import { type StratifiedEffect, stratifiedEffect } from './stratified-effect.js'

type Numbers = Judgement['numbers']
type Interval = NonNullable<Numbers['interval']>

/** All numbers of a judgement. */
export function measure(settings: Settings, evidence: Evidence): Numbers {
  const { cohorts, looks } = evidence
  const { challenger, reference } = evidence.arms
  const both = <Value>(of: (arm: Arm) => Value) => ({ challenger: of(challenger), reference: of(reference) })
  const total = (arm: Arm, pick: (cohort: Cohort) => number) =>
    cohorts.reduce((sum, cohort) => sum + (cohort.arm === arm ? pick(cohort) : 0), 0)
  const exposedMature = (arm: Arm) => total(arm, (c) => (c.mature ? c.exposed : 0))
  const mature = both((arm) => total(arm, (c) => (c.mature ? c.labelled : 0)))

  const measured = inflate(stratifiedEffect(cohorts, challenger, reference), settings.designEffect)
  const enough = Math.min(mature.challenger, mature.reference) >= settings.minMature
  const { plan, alpha, designEffect } = settings
  const varies = measured !== null && measured.standardError > 0
  const sequential = plan && varies && enough ? sequentialLook({ plan, alpha }, measured, looks, designEffect) : null
  const interval = varies ? intervalOf(settings, measured, sequential) : null
  return {
    asOf: evidence.asOf,
    exposed: both((arm) => total(arm, (c) => c.exposed)),
    mature,
    pending: both((arm) => total(arm, (c) => (c.mature ? 0 : c.exposed))),
    coverage: both((arm) =>
      exposedMature(arm) === 0 ? null : mature[arm === challenger ? 'challenger' : 'reference'] / exposedMature(arm),
    ),
    matureDays: new Set(cohorts.filter((c) => c.mature).map((c) => c.day)).size,
    beyondBound: both((arm) => total(arm, (c) => (c.mature ? c.beyondBound : 0))),
    effect: measured?.effect ?? null,
    standardError: measured?.standardError ?? null,
    interval,
    conclusions: interval ? conclusionsOf(interval, settings.margins) : [],
    margins: settings.margins,
    method: plan ? 'group_sequential' : 'confidence_sequence',
    sequential,
    estimate: earlyEstimate(evidence, settings),
    sampleRatioP: sampleRatioP(cohorts, challenger, reference),
    perDay: measured ? [...measured.perDay] : [],
  }
}

const inflate = (measured: StratifiedEffect | null, designEffect: number): StratifiedEffect | null =>
  measured && { ...measured, standardError: measured.standardError * Math.sqrt(designEffect) }

function intervalOf(
  { plan, alpha, tunedFor }: Settings,
  { effect, standardError, n }: StratifiedEffect,
  sequential: SequentialLook | null,
): Interval | null {
  if (plan) {
    // A repeated confidence interval (Jennison and Turnbull 1989): all looks' intervals cover together.
    const boundary = sequential?.boundary ?? null
    return boundary === null ? null : [effect - boundary * standardError, effect + boundary * standardError]
  }
  const width = halfWidth({ n, variance: n * standardError * standardError, alpha, tunedFor })
  return [effect - width, effect + width]
}

function conclusionsOf([low, high]: Interval, margins: Settings['margins']): Numbers['conclusions'] {
  const shown = {
    superior: high < 0,
    non_inferior: high < margins.nonInferiority,
    equivalent: -margins.tolerance < low && high < margins.tolerance,
    harmful: low > margins.harm,
  }
  return (Object.keys(shown) as (keyof typeof shown)[]).filter((name) => shown[name])
}
