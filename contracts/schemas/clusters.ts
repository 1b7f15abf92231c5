/** What `slipway.evidence/2` adds to `/1`: sums by entity, the unit of randomisation (docs/decisions/160). */
import { z } from 'zod'
import { count } from './common.js'

/** Of one exposure day and arm. */
export const cohortClusters = {
  entities: count.optional().describe('Entities with a decision. Only in `slipway.evidence/2`, where it is required.'),
  newEntities: count
    .optional()
    .describe(
      'Entities whose first decision since the phase opened was on this day, in this arm. Only in `slipway.evidence/2`, where it is required.',
    ),
  clusterSquares: z
    .number()
    .min(0)
    .optional()
    .describe(
      'Sum over entities of (sum of loss − mean loss of this cohort, over its labelled decisions)². Only in `slipway.evidence/2`, where it is required.',
    ),
}

const squares = z.number().min(0)

export const clusters = z
  .strictObject({
    effect: squares.describe(
      'For the effect: labelled decisions of mature days with labels in both arms. Residual: sum of loss − mean of its cohort; weight: labelled decisions of the other arm ÷ those of both.',
    ),
    balanced: squares.describe(
      'The same over days with at most four labelled decisions in one arm for one in the other.',
    ),
    coverage: squares.describe(
      'For coverage: all decisions of mature days with decisions in both arms. Residual: sum of 1 or 0 for labelled − coverage of its cohort; weight: decisions of the other arm ÷ those of both.',
    ),
    estimate: squares.describe(
      'For the early estimate: decisions with an estimate on days that are not mature, with estimates in both arms. Residual: sum of expected loss − its mean; weight: estimates of the other arm ÷ those of both.',
    ),
  })
  .describe(
    'Sums over entities of (sum of ± weight × residual of the entity, over all days and both arms; + for the challenger)². The residual of an entity with n of the N decisions of a cohort is multiplied by (N − 1) ÷ (N − n), which leaves the entity out of the mean; with n = N > 1 the mean is that of the other arm. Only in `slipway.evidence/2`, where it is required.',
  )
