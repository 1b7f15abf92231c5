import type { Arm } from '../../contracts/names.js'
import type { Cohort, Evidence, Judgement } from '../../contracts/types.js'
import { conclusionsOf } from './conclusions.js'
import { coverageOf } from './coverage.js'
import { constancy } from './days-disagree.js'
import type { Effect, Effects } from './effects.js'
import { estimateOf } from './estimate.js'
import { sampleRatioP } from './sample-ratio.js'
import type { Settings } from './settings.js'
import { meanOf } from './strata.js'

type Numbers = Judgement['numbers']

/** All numbers of a judgement. */
export function measure(settings: Settings, evidence: Evidence, { all, forPromotion, sequential }: Effects): Numbers {
  const { cohorts, arms } = evidence
  const both = <Value>(of: (arm: Arm) => Value) => ({ challenger: of(arms.challenger), reference: of(arms.reference) })
  const total = (arm: Arm, pick: (cohort: Cohort) => number) =>
    cohorts.reduce((sum, cohort) => sum + (cohort.arm === arm ? pick(cohort) : 0), 0)
  const coverage = coverageOf(settings, evidence)
  return {
    asOf: evidence.asOf,
    exposed: both((arm) => total(arm, (c) => c.exposed)),
    mature: both((arm) => total(arm, (c) => (c.mature ? c.labelled : 0))),
    pending: both((arm) => total(arm, (c) => (c.mature ? 0 : c.exposed))),
    coverage: coverage.shares,
    coverageDifference: coverage.difference,
    matureDays: new Set(cohorts.filter((c) => c.mature).map((c) => c.day)).size,
    beyondBound: both((arm) => total(arm, (c) => (c.mature ? c.beyondBound : 0))),
    effect: all.measured?.effect ?? null,
    standardError: all.measured?.standardError ?? null,
    ...(all.measured ? { designEffect: all.measured.designEffect } : {}),
    interval: all.interval,
    balanced: settings.bounds ? null : balancedOf(forPromotion),
    acrossDays: acrossDaysOf(settings, forPromotion),
    conclusions: conclusionsOf(settings, forPromotion.interval, all.interval),
    margins: settings.margins,
    method: settings.method,
    sequential,
    estimate: estimateOf(settings, evidence),
    sampleRatioP: sampleRatioP(cohorts, arms),
    perDay: all.strata.map(({ day, one, zero }) => ({
      day,
      effect: meanOf(one) - meanOf(zero),
      challenger: one.n,
      reference: zero.n,
    })),
  }
}

function balancedOf({ strata, measured, interval }: Effect): Numbers['balanced'] {
  if (!measured) return null
  const { effect, standardError } = measured
  return { days: strata.length, effect, standardError, interval }
}

function acrossDaysOf(settings: Settings, { daily, differs, interval }: Effect): Numbers['acrossDays'] {
  if (!differs) return null
  const { q, p, tau2 } = differs
  const constant = constancy(settings, { daily, interval })
  return { used: settings.acrossDays, q, p, tau2, ...(constant === null ? {} : { constant }) }
}
