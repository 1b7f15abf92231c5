/** Segments of a policy, and what the evidence of a look holds about each (docs/decisions/193). */
import { z } from 'zod'
import { MOST_SEGMENTS, UNKNOWN_SEGMENT } from '../segments.js'
import { count } from './common.js'

/** It becomes a part of reason codes and of lists. */
const segmentName = z
  .string()
  .regex(/^[^\s,:][^,:\n\r]{0,59}$/, 'must be 1 to 60 characters without comma, colon or line break')
  .refine((name) => name === name.trim(), 'must not end with a space')

const condition = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .describe(
        'Field of the input, such as `origin`; fields of a field are joined by dots, such as `address.country`.',
      ),
    in: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .optional()
      .describe('Values of the field. Absent: a range of numbers.'),
    atLeast: z.number().optional().describe('Smallest number of the field. Absent: no smallest one.'),
    below: z.number().optional().describe('The number of the field is below this. Absent: no limit.'),
  })
  .describe('A condition on one field of the input. An input without the field does not meet it.')
  .refine((one) => (one.in === undefined) !== (one.atLeast === undefined && one.below === undefined), {
    path: ['in'],
    message: 'must be there if neither atLeast nor below is, and must not if one of them is',
  })

const segment = z
  .strictObject({
    name: segmentName.describe('Name of the segment; unique in the policy.'),
    where: z
      .array(condition)
      .min(1)
      .optional()
      .describe('All of these hold for an input of the segment. Absent: the project’s function `segments` decides.'),
  })
  .describe('A part of the traffic. An input may belong to several segments, or to none.')

export const segmentsPolicy = z
  .strictObject({
    onHarm: z
      .enum(['hold', 'rollback'])
      .describe(
        'What measured harm in one segment does: hold the candidate, or roll it back. In a probation `hold` is shown only.',
      ),
    harmMargin: z
      .number()
      .min(0)
      .optional()
      .describe('Harm: the interval of the segment is above this. Absent: `judge.harmMargin`.'),
    minMature: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Mature labelled decisions that each arm needs in a segment before harm is concluded. Absent: `judge.minMature`.',
      ),
    of: z.array(segment).max(MOST_SEGMENTS).describe('The segments. Empty: none, also where the project has some.'),
  })
  .describe(
    'Parts of the traffic in which harm counts by itself. The error rate holds for all segments and looks together. Better segments never promote. Absent: the segments of the project, with `hold`. Only in `slipway.policy/2`.',
  )
  .superRefine(({ of }, context) => {
    of.forEach(({ name }, index) => {
      const path = ['of', index, 'name']
      if (name === UNKNOWN_SEGMENT)
        context.addIssue({
          code: 'custom',
          path,
          message: `must not be ${name}: decisions without a known segment have it`,
        })
      if (of.findIndex((other) => other.name === name) < index)
        context.addIssue({
          code: 'custom',
          path,
          message: `is ${name}, as an earlier segment is; each needs its own name`,
        })
    })
  })

const number = z.number()
const squares = z.number().min(0)

export const segmentSums = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .describe('Name of the segment; `unknown` for decisions whose segments could not be computed.'),
    days: count.describe(
      'Mature days with labels in both arms; without a `lossBound` those with at most four in one arm for one in the other. Every other number is from them alone.',
    ),
    challenger: count.describe('Labelled decisions of the challenger.'),
    reference: count.describe('Labelled decisions of the reference.'),
    weight: squares.describe('Σ n₁n₀/(n₁+n₀) over the days.'),
    weightedEffect: number.describe('Σ n₁n₀/(n₁+n₀) × (mean loss of the challenger − mean loss of the reference).'),
    variance: squares.describe(
      'Variance of weightedEffect with the decision as unit: of each day the larger of that of the two arms and that of both together.',
    ),
    byDecision: squares.describe('Σ over decisions of (weight × residual)², as in `clusters.effect`.'),
    byEntity: squares.describe('The same with the entity as unit: Σ over entities of (Σ ± weight × residual)².'),
    unpredicted: squares
      .optional()
      .describe('Σ over decisions of (weight × (loss − mean of earlier days))². Absent without a `lossBound`.'),
    comparableDays: count.describe('Days with at least a third of the largest weight.'),
    betweenDays: squares.describe(
      'Variance of weightedEffect that differences between days add (τ² × Σ weight², and more where a day is like the day before).',
    ),
  })
  .describe('Sums of one segment, over all mature days: their size does not depend on how many days there are.')

const interval = z.tuple([z.number(), z.number()]).nullable()

export const segmentNumbers = z
  .strictObject({
    name: z.string().min(1).describe('Name of the segment.'),
    days: count.describe('Days of the evidence.'),
    challenger: count.describe('Labelled decisions of the challenger on these days.'),
    reference: count.describe('Labelled decisions of the reference.'),
    effect: z.number().nullable().describe('Challenger minus reference loss per decision; null without a common day.'),
    designEffect: z.number().nullable().describe('Variance with the entity as unit ÷ with the decision as unit.'),
    interval: interval.describe(
      'Interval at the level at which the segment was tested; null if it cannot be computed.',
    ),
    harmful: z.boolean().describe('The interval is above the margin of harm. Always false for `unknown`.'),
  })
  .describe('Effect in one segment.')
