import { z } from '@hono/zod-openapi'
import { ANSWERING_ARMS } from '../../contracts/names.js'
import { decisionId, text } from './shared-fields.js'

/** Lower-case, as Node names headers. */
export const idempotencyKey = z.object({
  'idempotency-key': decisionId
    .optional()
    .openapi({ description: 'The decisionId where the body has none. The proxy adds one to requests without it.' }),
})

export const decisionRequest = z
  .strictObject({
    entityKey: text(500).openapi({
      description: 'The entity, for example a customer. The same entity always gets the same arm. Stored as a hash.',
    }),
    input: z.unknown().openapi({ description: 'The input of the decision; its schema is input_PROJECT.' }),
    decisionId: decisionId.optional().openapi({ description: 'Makes the call idempotent. Generated if absent.' }),
    arm: z
      .enum(ANSWERING_ARMS)
      .optional()
      .openapi({ description: 'Forces this arm. Needs the role operate; such a decision never counts as evidence.' }),
  })
  .refine(({ input }) => input !== undefined, { path: ['input'], message: 'must be given' })
  .openapi('DecisionRequest')

export const decisionAnswer = z
  .object({
    decisionId: z.string().openapi({ description: 'The id under which the outcome is delivered.' }),
    releaseId: z.string().openapi({ description: 'The release that answered.' }),
    arm: z.enum(ANSWERING_ARMS).openapi({ description: 'The arm of the entity.' }),
    output: z.record(z.string(), z.number()).openapi({ description: 'The output of the model, by name.' }),
    action: z.string().openapi({ description: 'What the action policy of the release made of the output.' }),
    fallback: z
      .literal(true)
      .optional()
      .openapi({ description: 'The release of the arm could not score the input; `releaseId` answered instead.' }),
  })
  .openapi('Decision')
