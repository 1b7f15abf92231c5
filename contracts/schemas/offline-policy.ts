import { z } from 'zod'
import { share } from './common.js'

/** What the offline gates require beyond the thresholds of a project's own gates. */
export const offlinePolicy = z
  .strictObject({
    criticalFloor: share
      .optional()
      .describe(
        'Least quality on the critical slice, whatever production reaches: recall, the share of lines served on peak days, or NDCG of the worst kind of query. Absent: it must be above 0.',
      ),
    criticalLoss: share
      .optional()
      .describe(
        'How much lower than in production that quality may be. The 95 % interval of the difference on the same rows must end above this loss. Absent: the difference is reported only.',
      ),
    backdated: z
      .enum(['hold', 'allow'])
      .optional()
      .describe(
        'A candidate with an earlier cutoff than production on the same data, whose held-out days production has learned: hold it, or compare them all the same. Absent: `hold`.',
      ),
  })
  .describe(
    'What the offline gates require of a candidate beyond the gates’ own thresholds. Only in `slipway.policy/2`.',
  )
