import { z } from 'zod'
import { DURATION_PATTERN, durationMs } from '../duration.js'
import { duration } from './common.js'

const SHORTEST_MS = 600_000
const LONGEST_MS = 31 * 86_400_000

const every = duration.refine(
  (text) => !DURATION_PATTERN.test(text) || (durationMs(text) >= SHORTEST_MS && durationMs(text) <= LONGEST_MS),
  'must be from 10m to 31d: a check reads days of decisions',
)

const common = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40')
    .describe('Name of the condition; part of the trigger id and of the id of its Temporal Schedule.'),
  every: every.describe('How often the condition is checked, at multiples of this since 1970 (UTC). 10m to 31d.'),
  coolDown: duration.describe('After a release that it started, the condition starts none for this long.'),
}

const quality = z
  .strictObject({
    ...common,
    condition: z.literal('quality').describe('Kind of the condition.'),
    days: z.int().min(1).max(90).describe('Newest mature days that are averaged.'),
    minLabelled: z
      .int()
      .min(30, 'must be at least 30: fewer losses have no standard error to speak of')
      .describe('With fewer labelled decisions nothing is concluded.'),
    bound: z
      .union([
        z.strictObject({ above: z.number().describe('Mean loss per decision, in the project’s loss unit.') }),
        z.strictObject({
          overPromotion: z.number().min(0).describe('Increase over the mean loss that the release was promoted with.'),
        }),
      ])
      .describe('Bound of the mean loss: fixed, or relative to the promotion.'),
  })
  .describe('Mean loss of the newest mature days of production is two standard errors above the bound.')

const freshness = z
  .strictObject({
    ...common,
    condition: z.literal('freshness').describe('Kind of the condition.'),
    olderThan: duration.describe('Age of the cutoff of production’s snapshot.'),
  })
  .describe('Production has not learned from recent data.')

const drift = z
  .strictObject({
    ...common,
    condition: z.literal('drift').describe('Kind of the condition.'),
    features: z
      .array(
        z.string().regex(/^(input|output)(\.[A-Za-z0-9_-]+)+$/, 'must be written as input.distance or output.score'),
      )
      .min(1)
      .max(20)
      .describe('Paths in recorded decisions, such as `input.distance` or `output.score`.'),
    threshold: z
      .number()
      .min(0.05, 'must be at least 0.05: less is noise')
      .max(10)
      .describe(
        'Population stability index of any one feature. 0.1 is commonly called a moderate change, 0.25 a large one.',
      ),
    window: duration.describe('Newest decisions that are compared.'),
    reference: duration.describe('First decisions of the current production, which they are compared with.'),
    minDecisions: z
      .int()
      .min(200, 'must be at least 200: the index of fewer is noise')
      .describe('Decisions needed in each of the two; with fewer nothing is concluded.'),
  })
  .describe('Inputs or outputs of production differ from its first days.')

export const conditionPolicy = z.discriminatedUnion('condition', [quality, freshness, drift])

export const conditionsPolicy = z
  .strictObject({
    perDay: z.int().min(1).max(10).describe('Releases that all conditions together may start in one UTC day.'),
    evidence: z
      .enum(['replay', 'live'])
      .optional()
      .describe('Where the canary of a started release is judged. Absent: `live`.'),
    conditions: z.array(conditionPolicy).min(1).describe('The conditions, each with a name of its own.'),
  })
  .describe('Conditions of production that start a release.')
  .superRefine(({ conditions }, context) => {
    conditions.forEach(({ name }, index) => {
      if (conditions.findIndex((other) => other.name === name) === index) return
      const message = 'is the name of another condition too; give each its own'
      context.addIssue({ code: 'custom', path: ['conditions', index, 'name'], message })
    })
  })
