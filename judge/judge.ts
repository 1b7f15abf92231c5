/** Evidence in, judgement out: pure, without clock or I/O, the same for ever. It moves nothing. */
import type { Arm } from '../contracts/names.js'
import type { Cohort, Evidence, Judgement, PromotionPolicy } from '../contracts/types.js'
import { halfWidth } from './confidence-sequence.js'
import { sampleRatioP } from './sample-ratio.js'
import { stratifiedEffect } from './stratified-effect.js'

type Decision = Pick<Judgement, 'action' | 'reason'>

/**
 * @param deadline ISO instant; from then on an undecided canary is `hold`, never a pass
 * @throws RangeError when the evidence holds a number that is not finite: an error is not a verdict
 */
export function judge(policy: PromotionPolicy, evidence: Evidence, deadline: string): Judgement {
  refuseNonFinite(evidence.cohorts)
  const numbers = measure(policy, evidence)
  const decision = decide(policy, evidence, numbers)
  const late = Date.parse(evidence.asOf) >= Date.parse(deadline)
  const final: Decision =
    late && decision.action === 'continue' ? { action: 'hold', reason: `deadline:${decision.reason}` } : decision
  return { schema: 'slipway.judgement/1', ...final, numbers }
}

function decide(policy: PromotionPolicy, evidence: Evidence, numbers: Judgement['numbers']): Decision {
  const { judge: limits } = policy
  const breach = evidence.breaches.find((b) => b.power === 'rollback') ?? evidence.breaches[0]
  if (breach) return { action: breach.power, reason: `breach:${breach.signal}` }

  const wait = (reason: string): Decision => ({ action: 'continue', reason })
  const fewest = Math.min(numbers.mature.challenger, numbers.mature.reference)
  if (fewest === 0) return wait('no_mature_labels')
  if (fewest < limits.minMature) return wait('too_few_mature')
  if (!numbers.interval) return wait('no_variance')

  const [low, high] = numbers.interval
  // Harm needs no full coverage: a rollback leaves production where it is.
  if (low > limits.harmMargin) return { action: 'rollback', reason: 'harm' }

  const { challenger, reference } = numbers.coverage
  if (challenger === null || reference === null) return wait('no_mature_labels')
  if (Math.min(challenger, reference) < limits.minCoverage) return wait('coverage_below_floor')
  if (Math.abs(challenger - reference) > limits.maxCoverageDifference) return wait('coverage_differs')
  if (numbers.sampleRatioP !== null && numbers.sampleRatioP < limits.sampleRatioAlpha)
    return wait('sample_ratio_mismatch')
  if (high < limits.nonInferiorityMargin) return { action: 'promote', reason: 'non_inferior' }
  return wait('inconclusive')
}

function measure(policy: PromotionPolicy, evidence: Evidence): Judgement['numbers'] {
  const { alpha, tunedFor } = policy.judge
  const { challenger, reference } = evidence.arms
  const both = (of: (arm: Arm) => number) => ({ challenger: of(challenger), reference: of(reference) })
  const total = (arm: Arm, pick: (cohort: Cohort) => number) =>
    evidence.cohorts.filter((cohort) => cohort.arm === arm).reduce((sum, cohort) => sum + pick(cohort), 0)
  const exposedMature = (arm: Arm) => total(arm, (c) => (c.mature ? c.exposed : 0))
  const labelledMature = (arm: Arm) => total(arm, (c) => (c.mature ? c.labelled : 0))
  const coverage = (arm: Arm) => (exposedMature(arm) === 0 ? null : labelledMature(arm) / exposedMature(arm))

  const measured = stratifiedEffect(evidence.cohorts, challenger, reference)
  const variance = measured ? measured.n * measured.standardError ** 2 : 0
  const width = measured && variance > 0 ? halfWidth({ n: measured.n, variance, alpha, tunedFor }) : null
  return {
    asOf: evidence.asOf,
    exposed: both((arm) => total(arm, (c) => c.exposed)),
    mature: both(labelledMature),
    pending: both((arm) => total(arm, (c) => (c.mature ? 0 : c.exposed))),
    coverage: { challenger: coverage(challenger), reference: coverage(reference) },
    matureDays: new Set(evidence.cohorts.filter((c) => c.mature).map((c) => c.day)).size,
    effect: measured?.effect ?? null,
    interval: measured && width !== null ? [measured.effect - width, measured.effect + width] : null,
    sampleRatioP: sampleRatioP(evidence.cohorts, challenger, reference),
    perDay: measured ? [...measured.perDay] : [],
  }
}

function refuseNonFinite(cohorts: readonly Cohort[]): void {
  for (const cohort of cohorts) {
    for (const field of ['exposed', 'labelled', 'lossSum', 'lossSumSquares', 'expectedShare'] as const) {
      if (!Number.isFinite(cohort[field])) {
        throw new RangeError(
          `cohort ${cohort.day}/${cohort.arm}: ${field} is ${cohort[field]}, which no verdict can rest on`,
        )
      }
    }
  }
}
