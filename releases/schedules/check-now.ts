import type { Client } from '@temporalio/client'
import type { ConditionCheck } from '../../contracts/activities.js'
import { SlipwayError } from '../../contracts/failure.js'
import { conditionStart } from './desired.js'

/** A look takes seconds; longer means that no worker runs. */
const PATIENCE_MS = 120_000

export type Looked = Omit<ConditionCheck, 'start'>

/** One look now, by the same workflow as the schedule's, whether or not that is paused. */
export async function checkNow(client: Client, project: string, condition: string): Promise<Looked> {
  const { WorkflowFailedError } = await import('@temporalio/client')
  const { workflowType, typedSearchAttributes, ...start } = conditionStart(project, condition)
  const { TypedSearchAttributes } = await import('@temporalio/common')
  try {
    return (await client.workflow.execute(workflowType, {
      ...start,
      workflowId: `condition/${project}/${condition}-by-hand-${new Date().toISOString()}`,
      typedSearchAttributes: new TypedSearchAttributes(typedSearchAttributes),
      workflowExecutionTimeout: PATIENCE_MS,
    })) as Looked
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    if (error.cause?.name === 'TimeoutFailure')
      throw new SlipwayError(
        'Unavailable',
        `nobody looked at ${condition} of ${project} within 2 minutes; is a worker running?`,
      )
    throw new SlipwayError('BadRequest', innermost(error).message)
  }
}

const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error)

export const lookedText = (
  project: string,
  { condition, outcome, says, suppressed, release, numbers }: Looked,
): string =>
  [
    `${project}/${condition}: ${outcome === 'cannot_say' ? 'cannot say' : outcome}${release ? ` ${release}` : ''}${suppressed ? ` (${suppressed.by}): ${suppressed.says}` : ''}`,
    says,
    ...Object.entries(numbers).map(([name, value]) => `  ${name} ${value}`),
  ].join('\n')
