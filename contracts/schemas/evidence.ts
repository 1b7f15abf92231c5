import { z } from 'zod'
import { ARMS } from '../names.js'
import { count, day, instant, nonEmpty, projectName } from './common.js'

/** Decisions of one exposure day in one arm. Losses are of labelled decisions, in the project's loss unit. */
export const cohort = z.strictObject({
  day,
  arm: z.enum(ARMS),
  exposed: count,
  /** True once the day's end plus the label horizon has passed. */
  mature: z.boolean(),
  labelled: count,
  lossSum: z.number(),
  lossSumSquares: z.number().min(0),
  /** Expected share of this arm in basis points that day, for the sample-ratio check. */
  expectedShare: z.int().min(0).max(10_000),
})

export const breach = z.strictObject({
  signal: nonEmpty,
  arm: z.enum(ARMS),
  value: z.number(),
  threshold: z.number(),
  power: z.enum(['pause', 'rollback']),
  at: instant,
})

/** All the judge sees. `asOf` is event time; outcomes observed later are not in it. */
export const evidence = z.strictObject({
  schema: z.literal('slipway.evidence/1'),
  project: projectName,
  asOf: instant,
  /** Challenger and reference arm: canary against production, or in probation production against holdback. */
  arms: z.strictObject({ challenger: z.enum(ARMS), reference: z.enum(ARMS) }),
  cohorts: z.array(cohort),
  breaches: z.array(breach),
})

/** One look's result with every number it used. */
export const judgement = z.strictObject({
  schema: z.literal('slipway.judgement/1'),
  action: z.enum(['promote', 'rollback', 'hold', 'continue', 'pause']),
  reason: nonEmpty,
  numbers: z.strictObject({
    asOf: instant,
    exposed: z.strictObject({ challenger: count, reference: count }),
    mature: z.strictObject({ challenger: count, reference: count }),
    pending: z.strictObject({ challenger: count, reference: count }),
    coverage: z.strictObject({ challenger: z.number().nullable(), reference: z.number().nullable() }),
    matureDays: count,
    effect: z.number().nullable(),
    interval: z.tuple([z.number(), z.number()]).nullable(),
    sampleRatioP: z.number().nullable(),
    perDay: z.array(z.strictObject({ day, effect: z.number(), challenger: count, reference: count })),
  }),
})
