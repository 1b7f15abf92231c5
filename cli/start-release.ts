import type { Client } from '@temporalio/client'
import { SlipwayError } from '../contracts/failure.js'
import { RELEASE_WORKFLOW, releaseWorkflowId, TASK_QUEUE } from '../contracts/names.js'
import { releaseInput } from '../contracts/schemas/index.js'
import type { ReleaseInput } from '../contracts/types.js'
import { parseOrRefuse } from './check.js'

/**
 * Starts one release, or finds it: the same project and trigger twice is one release.
 * @throws SlipwayError BadRequest before anything is started when the input is malformed
 */
export async function startRelease(
  client: Client,
  input: ReleaseInput,
): Promise<{ workflowId: string; existed: boolean }> {
  const { WorkflowExecutionAlreadyStartedError } = await import('@temporalio/client')
  const { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } = await import('@temporalio/common')
  const { trigger } = parseOrRefuse(releaseInput, input, 'release')
  if (Date.parse(trigger.cutoff) > Date.now()) {
    throw new SlipwayError('BadRequest', `cutoff ${trigger.cutoff} lies in the future; name an earlier instant`)
  }
  const workflowId = releaseWorkflowId(trigger.project, trigger.id)
  const attribute = (name: string, value: string) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
    value,
  })
  try {
    await client.workflow.start(RELEASE_WORKFLOW, {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      // A finished release is not run again under the same trigger either.
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: new TypedSearchAttributes([
        attribute('ReleaseProject', trigger.project),
        attribute('ReleaseTrigger', trigger.kind),
        attribute('ReleaseStage', 'validating'),
      ]),
      staticSummary: `${trigger.project}: release for trigger ${trigger.id}`,
      staticDetails: [
        `Started by ${trigger.by} (${trigger.kind}); data as of ${trigger.cutoff}.`,
        `Policy ${input.policy.name}: labels are final after ${input.policy.labelHorizon}; undecided after ${input.policy.deadline} is held.`,
        input.clock.speed === 1 ? 'Time runs at its real speed.' : `Time runs ${input.clock.speed} times as fast.`,
      ].join('\n\n'),
    })
    return { workflowId, existed: false }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { workflowId, existed: true }
    throw error
  }
}
