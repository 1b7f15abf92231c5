/** What a run was told and what came of it, also what was refused or came too late. */
import { z } from 'zod'
import { identity } from './fields.js'

// Texts as they came: a signal from the Web UI may hold anything, and is recorded all the same.
export const operatorActionBody = z
  .strictObject({
    id: z.string().describe('Makes the action idempotent.'),
    action: z
      .string()
      .describe('promote, abort, pause, resume, extend, supersede or rollback; any other name was refused.'),
    by: z.string().describe('Who sent it: a person, or the workflow id of a newer run that supersedes this one.'),
    reason: z.string().describe('Why, in the words of who sent it.'),
    identity: identity.optional(),
    accepted: z.boolean().describe('Whether it took effect.'),
    message: z.string().describe('What happened, or why nothing did.'),
    pending: z
      .enum(['sent', 'kept'])
      .optional()
      .describe(
        'Only in the record of a request that the run has not answered yet: `sent`, Temporal keeps it; `kept`, only this ledger has it, and workers send it. The answer is another entry with the same id.',
      ),
  })
  .describe('An action that a run received and its outcome, including refused actions.')
export type Identity = z.infer<typeof identity>
export type OperatorActionBody = z.infer<typeof operatorActionBody>

export const actionKey = (workflowId: string, id: string): string => `${workflowId}:action:${id}`

/** A request that the run has not answered yet. */
export const requestedKey = (workflowId: string, pending: 'sent' | 'kept', id: string): string =>
  `${workflowId}:requested:${pending}:${id}`

/** All keys under which a run records one of these actions with an id: it renames an id that another action had. */
export const keysOfAction = (workflowId: string, id: string, actions: readonly string[]): string[] =>
  [id, ...actions.map((action) => `${id}:${action}`)].flatMap((one) => [
    actionKey(workflowId, one),
    requestedKey(workflowId, 'sent', one),
    requestedKey(workflowId, 'kept', one),
  ])

/** Part of the keys of requests that only the ledger has. */
export const KEPT_REQUEST = ':requested:kept:'
