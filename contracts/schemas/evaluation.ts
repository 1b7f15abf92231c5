import { z } from 'zod'
import { count, digest, instant, nonEmpty, projectName } from './common.js'

export const gateResult = z.strictObject({
  name: nonEmpty.describe('Name of the gate.'),
  passed: z.boolean().describe('Whether it passed.'),
  value: z.number().nullable().describe('What was measured; null where the check yields no number.'),
  threshold: z.number().nullable().describe('What was required; null where the check has no threshold.'),
  detail: nonEmpty.describe('The result in a sentence.'),
})

const metrics = z.record(z.string(), z.number())

const point = z.strictObject({
  x: z.union([z.number(), z.string()]).describe('Position on the x axis.'),
  y: z.number().describe('Position on the y axis.'),
  low: z.number().optional().describe('Lower end of an interval around y.'),
  high: z.number().optional().describe('Upper end of an interval around y.'),
})

/** A plot of the report: the numbers, not the drawing. */
export const figure = z.strictObject({
  title: nonEmpty.describe('Title of the figure.'),
  note: nonEmpty.optional().describe('What to look for in it.'),
  kind: z.enum(['line', 'bar', 'dot', 'image']).describe('How it is drawn.'),
  x: z.string().describe('Label of the x axis.'),
  y: z.string().describe('Label of the y axis.'),
  series: z
    .array(
      z.strictObject({
        name: nonEmpty.describe('Name of the series.'),
        points: z.array(point).max(500).describe('Points of the series.'),
      }),
    )
    .describe('Series of numbers.'),
  images: z
    .array(
      z.strictObject({
        caption: nonEmpty.describe('Caption of the image.'),
        jpeg: z.base64().max(24_000).describe('A small JPEG picture in base64.'),
      }),
    )
    .max(12)
    .optional()
    .describe('Pictures, for kind `image`.'),
})

export const evaluationReport = z
  .strictObject({
    schema: z.literal('slipway.evaluation/1').describe('Version of this format.'),
    project: projectName.describe('Name of the project.'),
    candidate: digest.describe('Digest of the candidate’s release.'),
    production: digest.describe('Digest of the production it is compared with.'),
    snapshot: digest.describe('Digest of the snapshot.'),
    heldOut: z
      .strictObject({
        from: instant.describe('Begin of the period.'),
        to: instant.describe('End of the period.'),
        rows: count.describe('Rows in it.'),
      })
      .describe('Held-out period on which both are evaluated.'),
    gates: z.array(gateResult).describe('Results of the gates.'),
    metrics: z
      .strictObject({
        candidate: metrics.describe('Metrics of the candidate, by name.'),
        production: metrics.describe('Metrics of production, by name.'),
      })
      .describe('Metrics over the whole period.'),
    figures: z.array(figure).max(8).optional().describe('Figures for the report.'),
    slices: z
      .array(
        z.strictObject({
          name: nonEmpty.describe('Name of the slice.'),
          rows: count.describe('Rows in it.'),
          candidate: metrics.describe('Metrics of the candidate, by name.'),
          production: metrics.describe('Metrics of production, by name.'),
        }),
      )
      .describe('Metrics by slice of the data.'),
  })
  .describe('Candidate and production side by side on the same held-out period.')
