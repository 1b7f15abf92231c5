import { z } from '@hono/zod-openapi'
import { LONGEST_REASON } from '../../contracts/limits.js'
import { TRIGGER_ID, TRIGGER_ID_RULE } from '../../contracts/schemas/trigger.js'
import { isVisible, VISIBLE_RULE } from '../../contracts/visible-text.js'
import { instant, reasonText, text } from './shared-fields.js'

/**
 * Defined here, not in contracts: a zod schema created before @hono/zod-openapi was loaded cannot carry a description.
 */
export const releaseRequest = z
  .strictObject({
    id: z.string().regex(TRIGGER_ID, TRIGGER_ID_RULE).openapi({
      description: 'Identifies the release: the same id again is the same release.',
      example: 'nightly-load-4711',
    }),
    reason: reasonText.openapi({
      description: `Why the release is started; ${LONGEST_REASON} characters of it are recorded in the ledger.`,
    }),
    cutoff: instant.optional().openapi({
      description: 'Only data known at this instant is used. Default: now.',
    }),
    by: text(200)
      .refine(isVisible, VISIBLE_RULE)
      .optional()
      .openapi({ description: 'Who starts the release; recorded together with the name of the token.' }),
    parameters: z
      .record(text(200), z.union([z.number(), z.string(), z.boolean()]))
      .optional()
      .openapi({ description: 'Parameters for the trainer, by name.' }),
    allowUndecided: z.boolean().optional().openapi({
      description: 'Starts it although the live traffic seen is too little for the policy to decide. Default: refused.',
    }),
    snapshot: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits')
      .optional()
      .openapi({
        description: 'Stored data to learn from, as `POST …/snapshots` answers it. Default: the project’s own data.',
      }),
    evidence: z.enum(['replay', 'live']).optional().openapi({
      description: 'What the canary is judged on: live decisions or replayed ones. Default: live.',
    }),
  })
  .openapi('ReleaseRequest')

export const releaseStarted = z
  .object({
    workflowId: z.string().openapi({ description: 'The id of the run.' }),
    existed: z.boolean().openapi({ description: 'True if a release with this id was started earlier.' }),
    workflowUrl: z
      .string()
      .nullable()
      .openapi({ description: 'The run in the Temporal Web UI; null if no Web UI is known.' }),
    differs: z
      .array(z.object({ field: z.string(), first: z.unknown(), asked: z.unknown() }))
      .nullable()
      .openapi({
        description:
          'What this request asks for and the first request did not; it is ignored. Null until the first request is recorded.',
      }),
  })
  .openapi('ReleaseStarted')
