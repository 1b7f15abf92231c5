import { z } from 'zod'
import { ARMS } from '../names.js'
import { count, day, instant, nonEmpty, projectName } from './common.js'

const action = z.enum(['promote', 'rollback', 'hold', 'continue', 'pause'])

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
  /** Labelled decisions whose loss lay outside the policy's bound; the sums hold the bound instead where it says winsorise. */
  beyondBound: count,
  /** Decisions whose loss was estimated when they were made, and the sums of those estimates. */
  estimated: count,
  expectedLossSum: z.number(),
  expectedLossSumSquares: z.number().min(0),
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

/** Where a group-sequential plan stands at one look. */
export const sequentialLook = z.strictObject({
  /** Decisions at an equal split that would tell as much as the mature ones: 4Σn₁n₀/(n₁+n₀). */
  information: z.number(),
  /** Variance of the weighted sum of differences: what two looks have in common is the ratio of theirs. */
  clock: z.number(),
  /** Of the plan; 1 is its end. */
  fraction: z.number(),
  /** Of alpha, this look included. */
  spent: z.number(),
  /** Standard errors on either side of the effect; null where too little was new for an analysis, and nothing was spent. */
  boundary: z.number().nullable(),
})

/** An earlier look of the same phase. */
export const pastLook = z.strictObject({
  asOf: instant,
  action,
  reason: nonEmpty,
  sequential: sequentialLook.nullable(),
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
  /** Oldest first, all before `asOf`. */
  looks: z.array(pastLook),
})

const both = <Value extends z.ZodType>(value: Value) => z.strictObject({ challenger: value, reference: value })
const interval = z.tuple([z.number(), z.number()]).nullable()

/** From labels that are still open: what the releases' own probabilities say decisions will cost. Never a measurement. */
const earlyEstimate = z.strictObject({
  decisions: both(count),
  effect: z.number(),
  interval,
  /** Estimated over observed mean loss on mature days: near 1 where the probabilities are calibrated. */
  calibration: both(z.number().nullable()),
})

/** One look's result with every number it used. Effects are challenger minus reference loss per decision. */
export const judgement = z.strictObject({
  schema: z.literal('slipway.judgement/1'),
  action,
  reason: nonEmpty,
  /** Every condition of a promotion that does not hold, the weightiest first. */
  unmet: z.array(nonEmpty),
  numbers: z.strictObject({
    asOf: instant,
    exposed: both(count),
    mature: both(count),
    pending: both(count),
    coverage: both(z.number().nullable()),
    matureDays: count,
    beyondBound: both(count),
    effect: z.number().nullable(),
    standardError: z.number().nullable(),
    interval,
    /** What the interval shows, whichever of these the policy asks for. */
    conclusions: z.array(z.enum(['superior', 'non_inferior', 'equivalent', 'harmful'])),
    margins: z.strictObject({ nonInferiority: z.number(), harm: z.number(), tolerance: z.number() }),
    method: z.enum(['confidence_sequence', 'group_sequential']),
    sequential: sequentialLook.nullable(),
    estimate: earlyEstimate.nullable(),
    sampleRatioP: z.number().nullable(),
    perDay: z.array(z.strictObject({ day, effect: z.number(), challenger: count, reference: count })),
  }),
})
