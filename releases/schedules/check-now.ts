import type { Client } from '@temporalio/client'
import type { ConditionCheck } from '../../contracts/activities.js'
import { SlipwayError } from '../../contracts/failure.js'
import { conditionStart } from './desired.js'

/** A check takes seconds; longer means that no worker is running. */
const CHECK_WITHIN_MS = 120_000

export type ConditionResult = Omit<ConditionCheck, 'start'>

/**
 * Checks a condition now, with the workflow that its schedule starts, even if the schedule is paused.
 * @throws SlipwayError Unavailable if no worker checked it in time, BadRequest if the check was refused
 */
export async function checkNow(client: Client, project: string, condition: string): Promise<ConditionResult> {
  const { WorkflowFailedError } = await import('@temporalio/client')
  const { workflowType, typedSearchAttributes, ...start } = conditionStart(project, condition)
  const { TypedSearchAttributes } = await import('@temporalio/common')
  try {
    return (await client.workflow.execute(workflowType, {
      ...start,
      workflowId: `condition/${project}/${condition}-by-hand-${new Date().toISOString()}`,
      typedSearchAttributes: new TypedSearchAttributes(typedSearchAttributes),
      workflowExecutionTimeout: CHECK_WITHIN_MS,
    })) as ConditionResult
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    if (error.cause?.name === 'TimeoutFailure')
      throw new SlipwayError(
        'Unavailable',
        `${condition} of ${project} was not checked within 2 minutes; is a worker running?`,
      )
    throw new SlipwayError('BadRequest', innermost(error).message)
  }
}

const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error)
