/** Parts shared by the schemas of several routes. The OpenAPI document is generated from these schemas. */
import { z } from '@hono/zod-openapi'

/** Text that PostgreSQL can store: no NUL character and no lone surrogate. */
export const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !/[\p{Surrogate}\0]/u.test(value), 'must not contain a NUL character or a lone surrogate')

export const decisionId = text(200).openapi({ example: 'order-4711' })

export const note = {
  by: text(200)
    .optional()
    .openapi({ description: 'Who asks; recorded together with the name of the token. Required without a token.' }),
  reason: text(2_000)
    .refine((value) => value.trim() !== '', 'must not be empty')
    .openapi({ description: 'Why; recorded in the ledger.' }),
}

export const actionId = text(200).optional().openapi({
  description: 'Makes the call idempotent: the same id again gets the same answer. Generated if absent.',
  example: 'ticket-4711-pause',
})

export const projectParam = z.object({ project: z.string().openapi({ example: 'eta' }) })

export const problemDetails = z
  .object({
    type: z.string(),
    title: z.string().openapi({ description: 'The kind of problem.' }),
    status: z.int().openapi({ description: 'The HTTP status.' }),
    detail: z.string().openapi({ description: 'What is wrong, and where.' }),
  })
  .openapi('Problem')
