/** Parts shared by the schemas of several routes. The OpenAPI document is generated from these schemas. */
import { z } from '@hono/zod-openapi'
import { LONGEST_REASON } from '../../contracts/limits.js'
import { INSTANT_RANGE, isRecordableInstant } from '../../contracts/read-instant.js'
import { INSTANT_RULE } from '../../contracts/schemas/common.js'
import { isVisible, VISIBLE_RULE } from '../../contracts/visible-text.js'

/** Text that PostgreSQL can store: no NUL character and no lone surrogate. */
export const text = (most: number) => storable(z.string().min(1).max(most))

const storable = (string: z.ZodString) =>
  string.refine((value) => !/[\p{Surrogate}\0]/u.test(value), 'must not contain a NUL character or a lone surrogate')

/** Of any length, within the limit of the body: what is done must not be lost for its explanation. */
export const reasonText = storable(z.string())
  .refine((value) => value.trim() !== '', 'must not be empty')
  .refine((value) => value.trim() === '' || isVisible(value), VISIBLE_RULE)

export const decisionId = text(200).openapi({ example: 'order-4711' })

/** With any year: an instant of a batch is refused by itself. */
export const anyInstant = z.iso.datetime({ offset: true, error: INSTANT_RULE })

export const instant = anyInstant.refine((value) => isRecordableInstant(Date.parse(value)), INSTANT_RANGE)

export const note = {
  by: text(200)
    .refine(isVisible, VISIBLE_RULE)
    .optional()
    .openapi({ description: 'Who asks; recorded together with the name of the token. Required without a token.' }),
  reason: reasonText.openapi({
    description: `Why; ${LONGEST_REASON} characters of it are recorded in the ledger.`,
  }),
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
