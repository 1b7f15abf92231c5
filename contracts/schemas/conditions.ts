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
  /** Part of the trigger id and of the Schedule's id. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40'),
  /** How often it is looked at, at multiples of this since 1970 (UTC). */
  every,
  /** After a release that it started, it starts none for this long. */
  coolDown: duration,
}

/** Mean loss of the newest mature days of the release that is production now, by two standard errors above the bound. */
const quality = z.strictObject({
  ...common,
  condition: z.literal('quality'),
  days: z.int().min(1).max(90),
  /** With fewer labelled decisions nothing is concluded. */
  minLabelled: z.int().min(30, 'must be at least 30: fewer losses have no standard error to speak of'),
  bound: z.union([
    z.strictObject({ above: z.number() }),
    /** Above the mean loss it was promoted with, in the project's loss unit. */
    z.strictObject({ overPromotion: z.number().min(0) }),
  ]),
})

/** Production knows nothing of the last `olderThan`: that long ago was its snapshot's cutoff. */
const freshness = z.strictObject({ ...common, condition: z.literal('freshness'), olderThan: duration })

/** What production is asked, or answers, is not what it was in its first days: population stability index. */
const drift = z.strictObject({
  ...common,
  condition: z.literal('drift'),
  /** Places in recorded decisions. */
  features: z
    .array(z.string().regex(/^(input|output)(\.[A-Za-z0-9_-]+)+$/, 'must be written as input.distance or output.score'))
    .min(1)
    .max(20),
  /** Of the index of any one feature; 0.1 is commonly called a moderate change and 0.25 a large one. */
  threshold: z.number().min(0.05, 'must be at least 0.05: less is noise').max(10),
  /** The newest decisions. */
  window: duration,
  /** The first decisions since production is production. */
  reference: duration,
  /** In each of the two; with fewer nothing is concluded. */
  minDecisions: z.int().min(200, 'must be at least 200: the index of fewer is noise'),
})

export const conditionPolicy = z.discriminatedUnion('condition', [quality, freshness, drift])

/** When production itself asks for a retraining. */
export const conditionsPolicy = z
  .strictObject({
    /** Releases that conditions may start in one UTC day, all of them together. */
    perDay: z.int().min(1).max(10),
    /** Where a started release's canary is judged: `live` when absent, as live decisions are what is watched. */
    evidence: z.enum(['replay', 'live']).optional(),
    conditions: z.array(conditionPolicy).min(1),
  })
  .superRefine(({ conditions }, context) => {
    conditions.forEach(({ name }, index) => {
      if (conditions.findIndex((other) => other.name === name) === index) return
      const message = 'is the name of another condition too; give each its own'
      context.addIssue({ code: 'custom', path: ['conditions', index, 'name'], message })
    })
  })
