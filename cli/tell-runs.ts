import type { TemporalHandle } from './platform.js'
import { connectClient, findTemporal } from './platform.js'

export interface Told {
  readonly workflowId: string
  readonly told: boolean
  /** Why it could not be told; null when it was. */
  readonly why: string | null
}

/** Tells runs that production moved. Never fails: who cannot be told finds out at its next look. */
export async function tellProductionMoved(workflowIds: readonly string[]): Promise<Told[]> {
  if (workflowIds.length === 0) return []
  const untold = (error: unknown) => (workflowId: string) => ({ workflowId, told: false, why: said(error) })
  let temporal: TemporalHandle
  let connection: Awaited<ReturnType<typeof connectClient>>
  try {
    temporal = await findTemporal()
    connection = await connectClient(temporal)
  } catch (error) {
    return workflowIds.map(untold(error))
  }
  const { productionMovedSignal } = await import('../contracts/messages.js')
  try {
    return await Promise.all(
      workflowIds.map((workflowId) =>
        connection.client.workflow
          .getHandle(workflowId)
          .signal(productionMovedSignal)
          .then(() => ({ workflowId, told: true, why: null }))
          .catch((error: unknown) => untold(error)(workflowId)),
      ),
    )
  } finally {
    await connection.close()
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))
