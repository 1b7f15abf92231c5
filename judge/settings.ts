/**
 * The settings of the judge: the policy's fields, and the defaults of absent ones. Judge 1 must keep these defaults
 * permanently.
 */
import type { JudgePolicy } from '../contracts/types.js'

export interface Settings {
  readonly alpha: number
  readonly tunedFor: number
  /** Null means the confidence sequence. */
  readonly plan: NonNullable<JudgePolicy['groupSequential']> | null
  readonly objective: NonNullable<JudgePolicy['objective']>
  readonly margins: { readonly nonInferiority: number; readonly harm: number; readonly tolerance: number }
  readonly minMature: number
  readonly minMatureDays: number
  readonly minCoverage: number
  readonly maxCoverageDifference: number
  readonly sampleRatioAlpha: number
  readonly refusesBeyondBound: boolean
  readonly designEffect: number
  readonly earlyEstimate: NonNullable<JudgePolicy['earlyEstimate']> | null
}

/** @param inProbation a probation has no planned information, so it always uses the confidence sequence */
export function settingsOf(policy: JudgePolicy, inProbation: boolean): Settings {
  const { alpha, tunedFor, minMature, minCoverage, maxCoverageDifference, sampleRatioAlpha } = policy
  return {
    alpha,
    tunedFor,
    minMature,
    minMatureDays: policy.minMatureDays ?? 1,
    minCoverage,
    maxCoverageDifference,
    sampleRatioAlpha,
    plan: policy.method === 'group_sequential' && !inProbation ? (policy.groupSequential ?? null) : null,
    objective: policy.objective ?? 'non_inferiority',
    margins: {
      nonInferiority: policy.nonInferiorityMargin,
      harm: policy.harmMargin,
      tolerance: policy.tolerance ?? policy.nonInferiorityMargin,
    },
    refusesBeyondBound: policy.lossBound?.beyond === 'refuse',
    designEffect: policy.designEffect ?? 1,
    earlyEstimate: policy.earlyEstimate ?? null,
  }
}
