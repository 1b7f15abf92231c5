import { z } from 'zod'
import { share } from './common.js'

/**
 * For traffic that is known beforehand: the error rate is spent as evidence arrives (Lan and DeMets 1983). Exactly one of the
 * two plans says how much is expected.
 */
const groupSequential = z
  .strictObject({
    /** `obrien_fleming` spends little early and loses next to nothing at the end; `pocock` spends evenly. */
    spending: z.enum(['obrien_fleming', 'pocock']),
    /** Mature decisions, both arms together, expected by the deadline, as if split equally: Σ 4n₁n₀/(n₁+n₀) over the days. */
    plannedInformation: z.number().positive().optional(),
    /** Looks that will have mature evidence by the deadline. */
    plannedLooks: z.int().min(1).optional(),
  })
  .refine((plan) => (plan.plannedInformation === undefined) !== (plan.plannedLooks === undefined), {
    path: ['plannedInformation'],
    message: 'must be there if plannedLooks is not, and must not if it is',
  })

const lossBound = z
  .strictObject({
    lowest: z.number(),
    highest: z.number(),
    /** `winsorise` counts a loss beyond as the bound itself; `refuse` lets such a loss decide nothing at all. */
    beyond: z.enum(['winsorise', 'refuse']),
  })
  .refine((bound) => bound.lowest < bound.highest, { path: ['highest'], message: 'must be above lowest' })

/** What the judge asks for. Losses and margins are in the project's loss unit, per decision. */
export const judgePolicy = z
  .strictObject({
    /** Of the two-sided interval, over all looks together. */
    alpha: z.number().gt(0).lt(0.5),
    /** `confidence_sequence` when absent: valid whenever it is looked at, traffic unknown. Probation always uses it. */
    method: z.enum(['confidence_sequence', 'group_sequential']).optional(),
    /** N* of the confidence sequence: where it is tightest. Fixed before the canary opens. */
    tunedFor: z.int().min(1),
    groupSequential: groupSequential.optional(),
    /** What promotes: no worse than the margin (when absent), better than production, or the same within the tolerance. */
    objective: z.enum(['non_inferiority', 'superiority', 'equivalence']).optional(),
    /** Promote when the interval of canary minus production loss lies below this. */
    nonInferiorityMargin: z.number().min(0),
    /** Equivalent: the interval lies within ± this. The non-inferiority margin when absent. */
    tolerance: z.number().positive().optional(),
    /** Roll back when the interval lies above this. */
    harmMargin: z.number().min(0),
    /** Per arm. */
    minMature: z.int().min(1),
    /** Mature days a promotion needs: an interval speaks of the days it saw, and effects may differ from day to day. 1 when absent. */
    minMatureDays: z.int().min(1).optional(),
    minCoverage: share,
    maxCoverageDifference: share,
    /** p-value below which the split counts as mismatched. */
    sampleRatioAlpha: z.number().gt(0).lt(0.5),
    /** What a single loss may weigh; unbounded when absent. */
    lossBound: lossBound.optional(),
    /** Variance of the mean over what independent decisions would have, where entities come back: 1 + (m − 1)·icc. 1 when absent. */
    designEffect: z.number().min(1).optional(),
    /** Pause, once, when the expected loss of decisions whose labels are still open points to harm. Absent: shown only. */
    earlyEstimate: z.strictObject({ pauseAbove: z.number().min(0), minDecisions: z.int().min(1) }).optional(),
  })
  .superRefine((judge, context) => {
    if (judge.method === 'group_sequential' && !judge.groupSequential) {
      context.addIssue({
        code: 'custom',
        path: ['groupSequential'],
        message: 'must be there: the method asks for a plan',
      })
    }
    if (judge.objective === 'equivalence' && judge.tolerance === undefined && judge.nonInferiorityMargin === 0) {
      context.addIssue({
        code: 'custom',
        path: ['tolerance'],
        message: 'must be above zero: nothing is equivalent within 0',
      })
    }
  })
