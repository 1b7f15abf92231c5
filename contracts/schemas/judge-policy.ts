import { z } from 'zod'
import { share } from './common.js'

const groupSequential = z
  .strictObject({
    spending: z
      .enum(['obrien_fleming', 'pocock'])
      .describe('`obrien_fleming` spends little early and keeps nearly full power at the end; `pocock` spends evenly.'),
    plannedInformation: z
      .number()
      .positive()
      .optional()
      .describe(
        'Mature decisions of both arms expected by the deadline, as if split equally: Σ 4n₁n₀/(n₁+n₀) over the days.',
      ),
    plannedLooks: z.int().min(1).optional().describe('Looks with mature evidence expected by the deadline.'),
  })
  .describe(
    'For known traffic: the error rate is spent as evidence arrives (Lan and DeMets 1983). Exactly one of the two plans is required.',
  )
  .refine((plan) => (plan.plannedInformation === undefined) !== (plan.plannedLooks === undefined), {
    path: ['plannedInformation'],
    message: 'must be there if plannedLooks is not, and must not if it is',
  })

const lossBound = z
  .strictObject({
    lowest: z.number().describe('Lower bound of a single loss.'),
    highest: z.number().describe('Upper bound of a single loss.'),
    beyond: z
      .enum(['winsorise', 'refuse'])
      .describe('`winsorise` counts a loss beyond the bound as the bound; `refuse` makes the evidence invalid.'),
  })
  .describe('Bounds of a single loss. Absent: unbounded.')
  .refine((bound) => bound.lowest < bound.highest, { path: ['highest'], message: 'must be above lowest' })

export const judgePolicy = z
  .strictObject({
    alpha: z.number().gt(0).lt(0.5).describe('Error rate of the two-sided interval, over all looks together.'),
    method: z
      .enum(['confidence_sequence', 'group_sequential', 'bounded'])
      .optional()
      .describe(
        'Absent: `confidence_sequence`, valid at every look and for unknown traffic. `bounded` (`slipway.policy/2`) is valid for any distribution within `lossBound`, not only for large samples. A probation of a `group_sequential` policy uses the confidence sequence.',
      ),
    tunedFor: z
      .int()
      .min(1)
      .describe('Number of mature decisions, both arms together, at which the confidence sequence is tightest (N*).'),
    groupSequential: groupSequential.optional(),
    objective: z
      .enum(['non_inferiority', 'superiority', 'equivalence'])
      .optional()
      .describe(
        'What promotes: not worse than the margin, better than production, or equal within the tolerance. Absent: `non_inferiority`.',
      ),
    nonInferiorityMargin: z
      .number()
      .min(0)
      .describe('Promotes if the interval of canary minus production loss is below this.'),
    tolerance: z
      .number()
      .positive()
      .optional()
      .describe('Equivalent if the interval is within plus or minus this. Absent: the non-inferiority margin.'),
    harmMargin: z.number().min(0).describe('Rolls back if the interval is above this.'),
    minMature: z.int().min(1).describe('Mature labelled decisions that each arm needs before anything is concluded.'),
    minMatureDays: z
      .int()
      .min(1)
      .optional()
      .describe('Mature days that a promotion needs, because effects may differ from day to day. Absent: 1.'),
    minCoverage: share.describe('Smallest share of mature decisions with a label, in each arm, for a promotion.'),
    maxCoverageDifference: share.describe('Largest difference in label coverage between the arms for a promotion.'),
    sampleRatioAlpha: z.number().gt(0).lt(0.5).describe('p-value below which the split counts as mismatched.'),
    lossBound: lossBound.optional(),
    designEffect: z
      .number()
      .min(1)
      .optional()
      .describe(
        'Where entities return: variance of the mean relative to independent decisions, 1 + (m − 1)·icc with m decisions per entity. Absent: 1.',
      ),
    acrossDays: z
      .enum(['fixed', 'random'])
      .optional()
      .describe(
        '`fixed`: the effect on the days that were seen; days that disagree block a promotion. `random`: the mean effect on days like these, from five mature days on. A probation is always `fixed`. Absent: `fixed`. Only in `slipway.policy/2`.',
      ),
    daysDisagreeAlpha: z
      .number()
      .gt(0)
      .lt(0.5)
      .optional()
      .describe(
        'With `fixed`: p-value of Cochran’s Q below which the days disagree, which blocks a promotion. Absent: 0.005, and one constant effect must explain the days better than effects that vary around the margin from day to day. Only in `slipway.policy/2`.',
      ),
    maxRuns: z
      .int()
      .min(1)
      .max(20)
      .optional()
      .describe(
        'How many canaries of the same snapshot, features, model and action policy may be judged. Each is judged at alpha ÷ maxRuns. Absent: 1. Only in `slipway.policy/2`.',
      ),
    failureLoss: z
      .number()
      .optional()
      .describe(
        'Loss of a decision whose scoring failed; production answers it, and the release that failed is charged. Absent: the upper bound of `lossBound`. Only in `slipway.policy/2`.',
      ),
    earlyEstimate: z
      .strictObject({
        pauseAbove: z.number().min(0).describe('Pauses if the estimated effect is above this.'),
        minDecisions: z.int().min(1).describe('Decisions with an estimate that each arm needs.'),
      })
      .optional()
      .describe(
        'Pauses the canary, once, if the expected loss of decisions without final labels points to harm. Absent: shown only.',
      ),
  })
  .describe('What the judge requires. Losses and margins are in the project’s loss unit, per decision.')
  .superRefine((judge, context) => {
    if (judge.method === 'group_sequential' && !judge.groupSequential) {
      context.addIssue({
        code: 'custom',
        path: ['groupSequential'],
        message: 'must be there: the method asks for a plan',
      })
    }
    if (judge.method === 'bounded' && !judge.lossBound) {
      context.addIssue({
        code: 'custom',
        path: ['lossBound'],
        message: 'must be there: method bounded is valid only for losses within a bound',
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

/** Optional fields that came with version 2. */
export const ONLY_IN_POLICY_2 = ['acrossDays', 'daysDisagreeAlpha', 'failureLoss', 'maxRuns'] as const
