import { z } from 'zod'
import { count, nonEmpty } from '../schemas/common.js'
import { MOST_SEGMENTS } from '../segments.js'

const difference = z.number().min(0)

/** What a look of phase `shadow` has seen of the candidate beside production. */
export const shadowNumbers = z
  .strictObject({
    compared: count.describe('Newest decisions that both scored, at most 10,000.'),
    failed: count.describe('Those that the candidate failed to score.'),
    otherActions: count.describe('Those that it scored and whose action was not the action of production.'),
    differences: z
      .strictObject({
        median: difference.describe('Half of the decisions differ by at most this.'),
        p90: difference.describe('The same for 90 % of the decisions.'),
        p99: difference.describe('The same for 99 % of the decisions.'),
        largest: difference.describe('The largest one.'),
      })
      .nullable()
      .describe('Difference of the two outputs: of the value that differs most. Null if nothing can be compared.'),
    segments: z
      .array(
        z.strictObject({
          segment: nonEmpty.describe('Name of the segment, or `unknown`.'),
          compared: count.describe('Decisions of this segment that both scored.'),
          failed: count.describe('Those that the candidate failed to score.'),
          otherActions: count.describe('Those that it scored and whose action was not the action of production.'),
          p99: difference
            .nullable()
            .describe('99 % of the outputs differ by at most this; null if none can be compared.'),
        }),
      )
      .max(MOST_SEGMENTS + 1)
      .optional()
      .describe('The same by segment of the policy; absent without segments.'),
    mature: count.describe('Shadow decisions with a label on mature days; 0 where labels may depend on the action.'),
  })
  .describe('Only in a look of phase `shadow`: the candidate beside production on the same requests.')

export type ShadowNumbers = z.infer<typeof shadowNumbers>
