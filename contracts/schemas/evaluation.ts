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

/** A plot of the report: the numbers, not the drawing. */
export const figure = z.strictObject({
  title: nonEmpty,
  /** What to look for in it. */
  note: nonEmpty.optional(),
  kind: z.enum(['line', 'bar', 'dot', 'image']),
  x: z.string(),
  y: z.string(),
  series: z.array(
    z.strictObject({
      name: nonEmpty,
      points: z
        .array(
          z.strictObject({
            x: z.union([z.number(), z.string()]),
            y: z.number(),
            low: z.number().optional(),
            high: z.number().optional(),
          }),
        )
        .max(500),
    }),
  ),
  /** Small JPEG pictures in base64, for kind `image`. */
  images: z
    .array(z.strictObject({ caption: nonEmpty, jpeg: z.base64().max(24_000) }))
    .max(12)
    .optional(),
})

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
  figures: z.array(figure).max(8).optional(),
  slices: z.array(z.strictObject({ name: nonEmpty, rows: count, candidate: metrics, production: metrics })),
})
