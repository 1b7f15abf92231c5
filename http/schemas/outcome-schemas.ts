import { z } from '@hono/zod-openapi'
import { anyInstant, decisionId, text } from './shared-fields.js'

const MOST_OUTCOMES = 10_000

export const outcomesRequest = z
  .array(
    z.strictObject({
      decisionId,
      label: z
        .union([z.number(), z.record(text(200), z.number())])
        .openapi({ description: 'The observed value, in the form the project defines.' }),
      observedAt: anyInstant.openapi({
        description: 'When the label became known, in event time. A label outside 1970 to 9999 is rejected by itself.',
      }),
    }),
  )
  .min(1)
  .max(MOST_OUTCOMES)
  .openapi('Outcomes')

export const outcomesAnswer = z
  .object({
    accepted: z.int().openapi({ description: 'New labels.' }),
    corrections: z.int().openapi({ description: 'Labels that replace an earlier value.' }),
    duplicates: z.int().openapi({ description: 'Labels that were stored already.' }),
    unknown: z.int().openapi({ description: 'Labels of decisions that are not known yet; they are kept.' }),
    rejected: z
      .array(z.object({ index: z.int(), decisionId: z.string(), problem: z.string() }))
      .openapi({ description: 'Labels that do not fit the project, by position in the request.' }),
  })
  .openapi('OutcomesResult')
