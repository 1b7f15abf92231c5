import { z } from '@hono/zod-openapi'
import { OPERATOR_ACTIONS } from '../../contracts/names.js'
import { TRIGGER_ID, TRIGGER_ID_RULE } from '../../contracts/schemas/trigger.js'
import { actionId, note, projectParam, text } from './shared-fields.js'

export const releaseParam = projectParam.extend({
  trigger: z.string().regex(TRIGGER_ID, TRIGGER_ID_RULE).openapi({ example: 'nightly-load-4711' }),
})

export const actionRequest = z
  .strictObject({
    action: z.enum([...OPERATOR_ACTIONS, 'approve']).openapi({
      description:
        '`approve` is a promotion that is refused unless the release awaits an approval; it needs the role approve, any other the role operate.',
    }),
    ...note,
    id: actionId,
  })
  .openapi('ActionRequest')

export const actionAnswer = z
  .object({
    workflowId: z.string().openapi({ description: 'The id of the run.' }),
    id: z.string().openapi({ description: 'The id of the action, as in the ledger.' }),
    accepted: z.literal(true),
    message: z.string().openapi({ description: 'What happened.' }),
    answeredBy: z.enum(['workflow', 'registry']).openapi({
      description: '`registry`: the workflow is closed, so the action was decided and recorded without it.',
    }),
  })
  .openapi('ActionAnswer')

export const rollbackRequest = z
  .strictObject({
    to: text(200)
      .optional()
      .openapi({ description: 'A release that was production before. Default: the production before this one.' }),
    ...note,
    id: actionId,
  })
  .openapi('RollbackRequest')

export const rollbackAnswer = z
  .object({
    project: z.string(),
    id: z.string().openapi({ description: 'The id of the rollback.' }),
    from: z.string().openapi({ description: 'The release that was production.' }),
    to: z.string().openapi({ description: 'The release that is production now.' }),
    runs: z
      .array(
        z.object({
          workflowId: z.string(),
          signalled: z.boolean(),
          why: z.string().nullable().openapi({ description: 'Why it was not signalled.' }),
        }),
      )
      .openapi({ description: 'Open runs; one that was not signalled notices the move at its next look.' }),
  })
  .openapi('Rollback')

export const scheduleRequest = z
  .strictObject({
    action: z.enum(['pause', 'resume']),
    condition: text(200).optional().openapi({ description: 'A condition of the project. Default: its cadence.' }),
    ...note,
  })
  .openapi('ScheduleRequest')

export const scheduleAnswer = z
  .object({
    project: z.string(),
    condition: z.string().nullable().openapi({ description: 'Null for the cadence.' }),
    note: z.string().openapi({ description: 'The note that the schedule carries now.' }),
  })
  .openapi('ScheduleAnswer')
