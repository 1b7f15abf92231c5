import { z } from '@hono/zod-openapi'
import { anyInstant, decisionId } from './shared-fields.js'

const MOST_OUTCOMES = 10_000

const id = decisionId.describe('The id of the decision.')
const observedAt = anyInstant.describe('When the label became known, in event time, from 1970 to 9999.')

/** As published. */
const published = z.strictObject({
  decisionId: id,
  label: z
    .union([z.number(), z.record(z.string(), z.number())])
    .describe('The observed value, in the form the project defines; its schema is label_PROJECT.'),
  observedAt,
})

/** What an outcome must be to be given to the project, which checks label and range. */
export const outcome = z.strictObject({ decisionId: id, label: z.unknown(), observedAt })

/** What a body must be so that each outcome is accepted or rejected by itself. */
export const outcomesRequest = z
  .array(z.looseObject({ decisionId: z.string({ error: 'must be the id of a decision' }) }))
  .min(1)
  .max(MOST_OUTCOMES)
  .openapi('Outcomes', {
    type: 'array',
    items: z.toJSONSchema(published) as object as { type: 'object' },
    minItems: 1,
    maxItems: MOST_OUTCOMES,
  })

export const outcomesAnswer = z
  .object({
    accepted: z.int().openapi({ description: 'New labels.' }),
    corrections: z.int().openapi({ description: 'Labels that replace an earlier value.' }),
    duplicates: z.int().openapi({ description: 'Labels that were stored already.' }),
    unknown: z.int().openapi({ description: 'Labels of decisions that are not known yet; they are kept.' }),
    rejected: z
      .array(z.object({ index: z.int(), decisionId: z.string(), problem: z.string() }))
      .openapi({ description: 'Outcomes that are malformed or do not fit the project, by position in the request.' }),
  })
  .openapi('OutcomesResult')
