/** The same requests answered by production and scored by the candidate in the shadow (docs/decisions/196). */
import { z } from 'zod'
import { count, day } from './common.js'

const pairedDay = z
  .strictObject({
    day: day.describe('UTC day of the decisions.'),
    mature: z.boolean().describe('Whether the end of the day plus the label horizon has passed.'),
    exposed: count.describe('Decisions of production that the candidate was given too and that are recorded.'),
    failed: count.describe('Those that the candidate failed to score; each has the loss of a failure.'),
    referenceLabelled: count.describe('Those whose decision of production has a label.'),
    labelled: count.describe('Those with a loss of both.'),
    differing: count.describe('Those of them whose two losses differ.'),
    beyondBound: count.describe(
      'Those of them with a loss outside the policy’s bound. With `winsorise` the sums contain the bound instead.',
    ),
    sum: z.number().describe('Sum of the differences: loss of the candidate minus loss of production.'),
    sumSquares: z.number().min(0).describe('Sum of their squares.'),
    entities: count.describe('Entities with a decision.'),
    clusterSquares: z
      .number()
      .min(0)
      .describe('Sum over entities of (sum of difference − mean difference of this day)².'),
  })
  .describe('Decisions of one day that production and the candidate in the shadow both have.')

export const paired = z
  .strictObject({
    days: z.array(pairedDay).describe('By day, oldest first.'),
    clusterSquares: z
      .number()
      .min(0)
      .describe(
        'Sum over entities of (sum of difference − mean difference of its day, over the decisions of the entity on all mature days)².',
      ),
  })
  .describe(
    'Losses of the candidate in the shadow beside those of production, on the same requests. Only where the policy has `shadow.paired`, in looks of the shadow and of the canary after it.',
  )

const interval = z.tuple([z.number(), z.number()]).nullable()

/** What the judge made of it. */
export const pairedNumbers = z
  .strictObject({
    exposed: count.describe('Decisions of mature days.'),
    failed: count.describe('Those that the candidate failed to score.'),
    labelled: count.describe('Those with a loss of both.'),
    differing: count.describe('Those whose two losses differ.'),
    matureDays: count.describe('Mature days with such losses.'),
    coverage: z.number().nullable().describe('Share of the decisions with a loss of both; null without any.'),
    effect: z.number().nullable().describe('Candidate minus production loss per decision; null without evidence.'),
    standardError: z.number().nullable().describe('Standard error of the effect, with the entity as unit.'),
    designEffect: z
      .number()
      .nullable()
      .describe(
        'Variance with the entity as unit ÷ with the decision as unit; at least 1 and the policy’s designEffect.',
      ),
    interval: interval.describe('Interval around the effect, at half of alpha and valid at every look.'),
    acrossDays: z
      .strictObject({
        q: z.number().describe('Cochran’s Q of the daily effects.'),
        p: z.number().describe('Its p-value.'),
        tau2: z.number().describe('Variance of the true effect from day to day.'),
        constant: z
          .number()
          .optional()
          .describe(
            '2 ln of the likelihood of one constant effect ÷ that of effects which vary from day to day, as in `numbers.acrossDays`.',
          ),
      })
      .nullable()
      .describe('How much the effect differs from day to day; null with fewer than two days.'),
    conclusions: z
      .array(z.enum(['superior', 'non_inferior', 'equivalent', 'harmful']))
      .describe('What the interval shows.'),
    unmet: z
      .array(z.string().min(1))
      .describe('Every demand that does not hold, the most important first; empty if the objective is shown.'),
  })
  .describe('The paired judgement of the candidate in the shadow.')
