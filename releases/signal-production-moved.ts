import { errorText } from '../contracts/error-text.js'
import type { WithClient } from './with-client.js'

export interface Signalled {
  readonly workflowId: string
  readonly signalled: boolean
  /** Why the signal could not be sent; null when it was sent. */
  readonly why: string | null
}

/**
 * Signals runs that production moved. Never fails: a run that cannot be signalled notices the move at its next look.
 * @param withClient called only if there are runs
 */
export async function signalProductionMoved(
  workflowIds: readonly string[],
  withClient: WithClient,
): Promise<Signalled[]> {
  if (workflowIds.length === 0) return []
  const failed = (error: unknown) => (workflowId: string) => ({
    workflowId,
    signalled: false,
    why: errorText(error),
  })
  try {
    const { productionMovedSignal } = await import('../contracts/messages.js')
    return await withClient((client) =>
      Promise.all(
        workflowIds.map((workflowId) =>
          client.workflow
            .getHandle(workflowId)
            .signal(productionMovedSignal)
            .then(() => ({ workflowId, signalled: true, why: null }))
            .catch((error: unknown) => failed(error)(workflowId)),
        ),
      ),
    )
  } catch (error) {
    return workflowIds.map(failed(error))
  }
}
