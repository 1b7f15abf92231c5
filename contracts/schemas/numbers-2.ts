/** Numbers that only judge 2 gives; absent in a judgement of judge 1. */
import { z } from 'zod'
import { count } from './common.js'
import { pairedNumbers } from './paired.js'
import { segmentNumbers } from './segments.js'

const interval = z.tuple([z.number(), z.number()]).nullable()

export const numbersOfJudge2 = {
  designEffect: z
    .number()
    .optional()
    .describe(
      'Variance of the effect with the entity as unit ÷ with the decision as unit; at least 1 and the policy’s designEffect. Absent in `/1`.',
    ),
  coverageDifference: z
    .strictObject({
      effect: z.number().describe('Challenger minus reference.'),
      interval: interval.describe('Interval around it, valid at every look; null if coverage does not vary.'),
    })
    .nullable()
    .optional()
    .describe('Difference in label coverage, stratified by day; null without a common day. Absent in `/1`.'),
  balanced: z
    .strictObject({
      days: count.describe('Days used.'),
      effect: z.number().describe('Effect on these days.'),
      standardError: z.number().describe('Its standard error.'),
      interval: interval.describe('Interval around it: a promotion uses this one.'),
    })
    .nullable()
    .optional()
    .describe(
      'If losses are unbounded: the effect on days with at most four decisions in one arm for one in the other, because a small arm rarely sees the tail. Null without such days, and if losses are bounded. Absent in `/1`.',
    ),
  acrossDays: z
    .strictObject({
      used: z.enum(['fixed', 'random']).describe('Which of them the intervals are for.'),
      q: z.number().describe('Cochran’s Q of the daily effects.'),
      p: z.number().describe('Its p-value: small if the days disagree by more than chance.'),
      tau2: z.number().describe('Variance of the true effect from day to day (Paule and Mandel).'),
      constant: z
        .number()
        .optional()
        .describe(
          'With `fixed`, if the interval shows what the objective requires and the policy states no p-value: 2 ln of the likelihood of one constant effect ÷ that of effects which vary around the margin from day to day. A promotion needs at least 2; 5 of two comparable days and 4 of one.',
        ),
    })
    .nullable()
    .optional()
    .describe('How much the effect differs from day to day; null with fewer than two days. Absent in `/1`.'),
  segments: z.array(segmentNumbers).optional().describe('Effects by segment. Absent if the policy has no segments.'),
  paired: pairedNumbers.optional(),
}
