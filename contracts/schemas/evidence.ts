import { z } from 'zod'
import { ARMS } from '../names.js'
import { MOST_SEGMENTS } from '../segments.js'
import { clusters, cohortClusters } from './clusters.js'
import { count, day, instant, nonEmpty, projectName, versioned } from './common.js'
import { numbersOfJudge2 } from './numbers-2.js'
import { paired } from './paired.js'
import { segmentSums } from './segments.js'

const action = z.enum(['promote', 'rollback', 'hold', 'continue', 'pause'])

export const cohort = z
  .strictObject({
    day: day.describe('Exposure day in UTC.'),
    arm: z.enum(ARMS).describe('Arm that answered.'),
    exposed: count.describe('Decisions.'),
    mature: z.boolean().describe('Whether the end of the day plus the label horizon has passed.'),
    labelled: count.describe('Decisions with a label.'),
    lossSum: z.number().describe('Sum of the losses of labelled decisions.'),
    lossSumSquares: z.number().min(0).describe('Sum of their squares.'),
    beyondBound: count.describe(
      'Labelled decisions whose loss was outside the policy’s bound. With `winsorise` the sums contain the bound instead.',
    ),
    estimated: count.describe('Decisions whose loss was estimated when they were made.'),
    expectedLossSum: z.number().describe('Sum of those estimates.'),
    expectedLossSumSquares: z.number().min(0).describe('Sum of their squares.'),
    expectedShare: z
      .int()
      .min(0)
      .max(10_000)
      .describe('Expected share of this arm in basis points that day, for the sample-ratio check.'),
    ...cohortClusters,
  })
  .describe('Decisions of one exposure day in one arm. Losses are in the project’s loss unit.')

export const breach = z
  .strictObject({
    signal: nonEmpty.describe('Name of the signal.'),
    arm: z.enum(ARMS).describe('Arm in which it was measured.'),
    value: z.number().describe('What was measured.'),
    threshold: z.number().describe('The threshold.'),
    power: z.enum(['pause', 'rollback']).describe('What the breach does.'),
    at: instant.describe('When it fired, in event time.'),
  })
  .describe('A signal beyond its threshold.')

export const sequentialLook = z
  .strictObject({
    information: z
      .number()
      .describe('Decisions at an equal split that carry as much information as the mature ones: 4Σn₁n₀/(n₁+n₀).'),
    clock: z
      .number()
      .describe('Variance of the weighted sum of differences. The correlation of two looks is the ratio of theirs.'),
    fraction: z.number().describe('Fraction of the plan; 1 is its end.'),
    spent: z.number().describe('Part of alpha that is spent, this look included.'),
    boundary: z
      .number()
      .nullable()
      .describe('Half-width of the interval in standard errors; null if too little was new for an analysis.'),
  })
  .describe('State of a group-sequential plan at one look.')

export const pastLook = z
  .strictObject({
    asOf: instant.describe('Event instant of the look.'),
    action: action.describe('What it concluded.'),
    reason: nonEmpty.describe('Why.'),
    sequential: sequentialLook.nullable().describe('State of the group-sequential plan; null without one.'),
  })
  .describe('An earlier look of the same phase.')

export const evidence = z
  .strictObject({
    schema: versioned('slipway.evidence', 2).describe(
      'Version of this format. In `/1` each decision counts as an entity of its own; `/2` has the sums by entity.',
    ),
    project: projectName.describe('Name of the project.'),
    asOf: instant.describe('Event instant of the look. Outcomes observed later are not included.'),
    arms: z
      .strictObject({
        challenger: z.enum(ARMS).describe('`canary`; during probation `production`.'),
        reference: z.enum(ARMS).describe('`production`; during probation `holdback`.'),
      })
      .describe('The arms that are compared.'),
    cohorts: z.array(cohort).describe('Cohorts by day and arm.'),
    breaches: z.array(breach).describe('Breaches up to this look.'),
    looks: z.array(pastLook).describe('Earlier looks of the same phase, oldest first.'),
    clusters: clusters.optional(),
    segments: z
      .array(segmentSums)
      .max(MOST_SEGMENTS + 1)
      .optional()
      .describe(
        'One for each segment of the policy, and `unknown`. Absent without segments. Only in `slipway.evidence/2`.',
      ),
    paired: paired.optional(),
  })
  .describe('Everything that the judge reads.')

const both = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    challenger: value.describe('Value of the challenger.'),
    reference: value.describe('Value of the reference.'),
  })
const interval = z.tuple([z.number(), z.number()]).nullable()

const earlyEstimate = z
  .strictObject({
    decisions: both(count).describe('Decisions with an estimate.'),
    effect: z.number().describe('Estimated effect.'),
    interval: interval.describe('Interval around it; null if it cannot be computed.'),
    calibration: both(z.number().nullable()).describe(
      'Estimated over observed mean loss on mature days: near 1 where the probabilities are calibrated.',
    ),
  })
  .describe(
    'What the releases’ own probabilities say that decisions without final labels will cost. Not a measurement.',
  )

const numbers = z.strictObject({
  asOf: instant.describe('Event instant of the look.'),
  exposed: both(count).describe('Decisions.'),
  mature: both(count).describe('Labelled decisions of mature days.'),
  pending: both(count).describe('Decisions whose day is not mature.'),
  coverage: both(z.number().nullable()).describe('Share of mature decisions with a label; null without any.'),
  matureDays: count.describe('Mature days with labels in both arms.'),
  beyondBound: both(count).describe('Labelled decisions whose loss was outside the policy’s bound.'),
  effect: z.number().nullable().describe('Challenger minus reference loss per decision; null without evidence.'),
  standardError: z.number().nullable().describe('Standard error of the effect.'),
  interval: interval.describe('Interval around the effect.'),
  conclusions: z
    .array(z.enum(['superior', 'non_inferior', 'equivalent', 'harmful']))
    .describe('What the interval shows, whichever of these the policy requires.'),
  margins: z
    .strictObject({
      nonInferiority: z.number().describe('Margin of non-inferiority.'),
      harm: z.number().describe('Margin of harm.'),
      tolerance: z.number().describe('Tolerance of equivalence.'),
    })
    .describe('Margins of the policy, in the project’s loss unit.'),
  method: z.enum(['confidence_sequence', 'group_sequential', 'bounded']).describe('How the interval was computed.'),
  sequential: sequentialLook.nullable().describe('State of the group-sequential plan; null without one.'),
  estimate: earlyEstimate.nullable().describe('The early estimate; null where there is none.'),
  sampleRatioP: z.number().nullable().describe('p-value of the sample-ratio check; null without decisions.'),
  perDay: z
    .array(
      z.strictObject({
        day: day.describe('Exposure day.'),
        effect: z.number().describe('Effect on that day.'),
        challenger: count.describe('Labelled decisions of the challenger.'),
        reference: count.describe('Labelled decisions of the reference.'),
      }),
    )
    .describe('The effect by exposure day.'),
  ...numbersOfJudge2,
})

export const judgement = z
  .strictObject({
    schema: versioned('slipway.judgement', 2).describe('Version of this format, and of the judge.'),
    action: action.describe('What the evidence permits.'),
    reason: nonEmpty.describe('Why, as a short code.'),
    unmet: z.array(nonEmpty).describe('Every condition of a promotion that does not hold, the most important first.'),
    numbers: numbers.describe('Every number that was used.'),
  })
  .describe('The result of one look. Effects are challenger minus reference loss per decision.')
