/** What a release is doing now: the last heartbeat of its activity, which is not recorded in the ledger. */
import type { Client } from '@temporalio/client'
import { trainProgress } from '../contracts/schemas/index.js'

export interface PendingWork {
  readonly activity: string
  readonly attempt: number
  /** As the activity sent it. Training sends epoch, epochs, loss and rows per second. */
  readonly heartbeat: unknown
}

/** Undefined if no activity runs, or the running one has sent no heartbeat yet. */
export async function pendingWork(client: Client, workflowId: string): Promise<PendingWork | undefined> {
  const { decodeArrayFromPayloads } = await import('@temporalio/common/lib/internal-non-workflow/index.js')
  const { raw } = await client.workflow.getHandle(workflowId).describe()
  for (const { activityType, attempt, heartbeatDetails } of raw.pendingActivities ?? []) {
    const { loadedDataConverter } = client.options
    const [heartbeat] = await decodeArrayFromPayloads(loadedDataConverter, heartbeatDetails?.payloads)
    if (heartbeat !== undefined && heartbeat !== null) {
      return { activity: activityType?.name ?? 'activity', attempt: attempt ?? 1, heartbeat }
    }
  }
  return undefined
}

export function pendingText({ attempt, heartbeat }: PendingWork): string | undefined {
  const again = attempt > 1 ? ` (attempt ${attempt})` : ''
  const training = trainProgress.safeParse(heartbeat)
  if (training.success) {
    const { epoch, epochs, loss, rowsPerSecond } = training.data
    const speed = rowsPerSecond === null ? '' : `, ${Math.round(rowsPerSecond).toLocaleString('en')} rows/s`
    return `training${again}: epoch ${epoch} of ${epochs}, loss ${loss === null ? '–' : loss.toFixed(4)}${speed}`
  }
  const { day, events } = heartbeat as { day?: unknown; events?: unknown }
  return typeof day === 'string' ? `exposing ${day.slice(0, 10)}${again}: ${events} decisions` : undefined
}
