/** Runs that Temporal has closed without a verdict in the ledger. */
import type { Client } from '@temporalio/client'
import type { Registry } from '../registry/index.js'
import { type Attention, terminated } from './attention.js'
import { closedText, runStatus } from './run-status.js'

/**
 * Runs without a verdict whose workflow is closed in Temporal.
 * @param withClient opens a client for the work and closes it; called only where there are open runs
 */
export async function closedRuns(
  registry: Registry,
  project: string | undefined,
  withClient: <T>(work: (client: Client) => Promise<T>) => Promise<T>,
): Promise<Attention[]> {
  const open = (await registry.runs.list(project)).filter(({ verdict }) => verdict === null)
  if (open.length === 0) return []
  return withClient(async (client) => {
    const statuses = await Promise.all(open.map(({ workflowId }) => runStatus(client, workflowId)))
    return open.flatMap((run, index) => {
      const status = statuses[index] ?? 'RUNNING'
      return status === 'RUNNING' ? [] : [terminated(run, closedText(run.workflowId, status))]
    })
  })
}
