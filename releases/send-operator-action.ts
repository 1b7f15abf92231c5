import type { Client } from '@temporalio/client'
import { SlipwayError } from '../contracts/failure.js'
import type { OperatorAnswer } from '../contracts/messages.js'
import type { OperatorAction } from '../contracts/types.js'

/** A worker answers in milliseconds; after the crash of another worker, within ten seconds. */
const ANSWER_WITHIN_MS = 20_000
const SIGNAL_WITHIN_MS = 10_000

/**
 * Sends an operator action to a running release and waits for the answer. The action is sent as an update first.
 * Temporal does not keep an update that no worker has accepted, and takes none while the workflow's task keeps failing;
 * but it keeps a signal: without an answer the same action is sent as a signal. Should both arrive, the id makes them
 * one action.
 * @param onSent called when Temporal has the signal
 * @throws SlipwayError Unavailable if the release did not answer; Temporal keeps the action
 */
export async function sendOperatorAction(
  client: Client,
  workflowId: string,
  { action, ...note }: OperatorAction,
  { answerWithinMs = ANSWER_WITHIN_MS, onSent }: { answerWithinMs?: number; onSent?: () => Promise<void> } = {},
): Promise<OperatorAnswer> {
  const { ApplicationFailure, ServiceError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } =
    await import('@temporalio/client')
  const { CONTINUES, operateUpdate, operatorSignals } = await import('../contracts/messages.js')
  const handle = client.workflow.getHandle(workflowId)
  let why: string
  try {
    return await client.withDeadline(Date.now() + answerWithinMs, () =>
      handle.executeUpdate(operateUpdate, { args: [{ action, ...note }] }),
    )
  } catch (error) {
    const late = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError
    const refused = error instanceof WorkflowUpdateFailedError
    const continues = refused && error.cause instanceof ApplicationFailure && error.cause.type === CONTINUES
    if (!late && !continues && !(error instanceof ServiceError)) throw error
    const { details, message } = (error.cause ?? {}) as { details?: string; message?: string }
    const cause = details || (continues && message) || error.message
    why = late
      ? `no answer within ${answerWithinMs / 1_000} s; is a worker running?`
      : `Temporal takes no update (${cause}); see: slipway release list --needs-attention.`
  }
  // A caller's own time limit may be over by now, and without the signal the action would be lost.
  await client.withDeadline(Date.now() + SIGNAL_WITHIN_MS, () => handle.signal(operatorSignals[action], note))
  await onSent?.()
  throw new SlipwayError(
    'Unavailable',
    `${why} Temporal keeps the ${action}, and ${workflowId} receives it when a worker runs`,
  )
}
