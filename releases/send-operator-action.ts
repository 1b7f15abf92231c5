import type { Client } from '@temporalio/client'
import { SlipwayError } from '../contracts/failure.js'
import type { OperatorAnswer } from '../contracts/messages.js'
import type { OperatorAction } from '../contracts/types.js'

/** A worker answers in milliseconds, after a crash of another one in ten seconds. */
const PATIENCE_MS = 20_000

/**
 * Says an operator's word to a running release and waits for its answer. Temporal keeps an update nowhere until a worker has taken it, but
 * it keeps a signal: unanswered, the same word is sent as one, and its id makes the two one word should both arrive.
 * @throws SlipwayError Unavailable when nobody answered; the word is kept
 */
export async function sendOperatorAction(
  client: Client,
  workflowId: string,
  { action, ...note }: OperatorAction,
  patienceMs = PATIENCE_MS,
): Promise<OperatorAnswer> {
  const { WorkflowUpdateRPCTimeoutOrCancelledError } = await import('@temporalio/client')
  const { operateUpdate, operatorSignals } = await import('../contracts/messages.js')
  const handle = client.workflow.getHandle(workflowId)
  try {
    return await client.withDeadline(Date.now() + patienceMs, () =>
      handle.executeUpdate(operateUpdate, { args: [{ action, ...note }] }),
    )
  } catch (error) {
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error
  }
  await handle.signal(operatorSignals[action], note)
  throw new SlipwayError(
    'Unavailable',
    `nobody answered within ${patienceMs / 1_000} s, so that no worker may be running; Temporal keeps the ${action}, and ${workflowId} hears it when one does`,
  )
}
