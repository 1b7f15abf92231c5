import { z } from 'zod'
import { count, digest, instant, nonEmpty, projectName } from './common.js'

/** One offline check with its number and its threshold; null where the check yields no number. */
export const gateResult = z.strictObject({
  name: nonEmpty,
  passed: z.boolean(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  detail: nonEmpty,
})

const metrics = z.record(z.string(), z.number())

/** Candidate and production side by side on the same held-out period. */
export const evaluationReport = z.strictObject({
  schema: z.literal('slipway.evaluation/1'),
  project: projectName,
  candidate: digest,
  production: digest,
  snapshot: digest,
  heldOut: z.strictObject({ from: instant, to: instant, rows: count }),
  gates: z.array(gateResult),
  metrics: z.strictObject({ candidate: metrics, production: metrics }),
  slices: z.array(z.strictObject({ name: nonEmpty, rows: count, candidate: metrics, production: metrics })),
})
