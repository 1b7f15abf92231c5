import type { Client } from '@temporalio/client'
import { requireSpeed } from '../contracts/clock.js'
import { requirePastCutoff } from '../contracts/instants.js'
import { RELEASE_WORKFLOW, WORKER_TIMEOUT_MEMO } from '../contracts/names.js'
import { parseOrRefuse } from '../contracts/parse.js'
import { releaseInput } from '../contracts/schemas/index.js'
import type { ReleaseInput } from '../contracts/types.js'
import { requireVisible } from '../contracts/visible-text.js'

interface StartOptions {
  /** After which a worker that sends no heartbeat is considered dead; one minute when absent. */
  readonly workerTimeoutMs?: number | undefined
}

/**
 * Starts the release of a trigger, or finds it if Temporal knows it already.
 * @throws SlipwayError BadRequest if the input is malformed; then nothing was started
 */
export async function startRelease(
  client: Client,
  input: ReleaseInput,
  { workerTimeoutMs }: StartOptions = {},
): Promise<{ workflowId: string; existed: boolean }> {
  const { WorkflowExecutionAlreadyStartedError } = await import('@temporalio/client')
  const { releaseStart } = await import('../contracts/release-start.js')
  const { trigger } = parseOrRefuse(releaseInput, input, 'release')
  const { by, cause } = trigger
  requireVisible(cause ? { by, reason: cause.reason } : { by })
  requirePastCutoff(trigger.cutoff, Date.parse(trigger.at), { failure: 'BadRequest' })
  requireSpeed(input.clock.speed, 'speed')
  const start = releaseStart(input)
  const { workflowId } = start
  try {
    await client.workflow.start(RELEASE_WORKFLOW, {
      ...start,
      workflowIdConflictPolicy: 'FAIL',
      ...(workerTimeoutMs === undefined ? {} : { memo: { [WORKER_TIMEOUT_MEMO]: workerTimeoutMs } }),
    })
    return { workflowId, existed: false }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { workflowId, existed: true }
    throw error
  }
}
