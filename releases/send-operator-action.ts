import type { Client } from '@temporalio/client'
import { SlipwayError } from '../contracts/failure.js'
import type { OperatorAnswer } from '../contracts/messages.js'
import type { OperatorAction } from '../contracts/types.js'

/** A worker answers in milliseconds; after the crash of another worker, within ten seconds. */
const ANSWER_WITHIN_MS = 20_000

/**
 * Sends an operator action to a running release and waits for the answer. The action is sent as an update first.
 * Temporal does not keep an update that no worker has accepted, but it keeps a signal: without an answer the same
 * action is sent as a signal. Should both arrive, the id makes them one action.
 * @throws SlipwayError Unavailable if no worker answered; the action is kept
 */
export async function sendOperatorAction(
  client: Client,
  workflowId: string,
  { action, ...note }: OperatorAction,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<OperatorAnswer> {
  const { WorkflowUpdateRPCTimeoutOrCancelledError } = await import('@temporalio/client')
  const { operateUpdate, operatorSignals } = await import('../contracts/messages.js')
  const handle = client.workflow.getHandle(workflowId)
  try {
    return await client.withDeadline(Date.now() + answerWithinMs, () =>
      handle.executeUpdate(operateUpdate, { args: [{ action, ...note }] }),
    )
  } catch (error) {
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error
  }
  await handle.signal(operatorSignals[action], note)
  throw new SlipwayError(
    'Unavailable',
    `no answer within ${answerWithinMs / 1_000} s; is a worker running? Temporal keeps the ${action}, and ${workflowId} receives it when a worker runs`,
  )
}
