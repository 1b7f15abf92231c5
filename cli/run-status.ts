import type { Client } from '@temporalio/client'
import { type Attention, terminated } from '../notify/attention.js'
import type { Registry } from '../registry/index.js'
import { progress } from './output.js'
import { connectClient, findTemporal } from './platform.js'

/** `RUNNING`; else how its workflow was closed, or `GONE` when Temporal does not know it. */
export async function runStatus(client: Client, workflowId: string): Promise<string> {
  const { WorkflowNotFoundError } = await import('@temporalio/client')
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'GONE'
    throw error
  }
}

export const closedText = (workflowId: string, status: string): string =>
  status === 'GONE'
    ? `Temporal does not know ${workflowId}.`
    : `The workflow ${workflowId} is ${status.toLowerCase().replaceAll('_', ' ')} in Temporal.`

/** Runs without a verdict whose workflow is closed. None where Temporal cannot be asked: that is said, and is no reason to fail. */
export async function lostRuns(registry: Registry, project: string | undefined): Promise<Attention[]> {
  const open = (await registry.runs(project)).filter(({ verdict }) => verdict === null)
  if (open.length === 0) return []
  try {
    const { client, close } = await connectClient(await findTemporal())
    try {
      const statuses = await Promise.all(open.map(({ workflowId }) => runStatus(client, workflowId)))
      return open.flatMap((run, index) => {
        const status = statuses[index] ?? 'RUNNING'
        return status === 'RUNNING' ? [] : [terminated(run, closedText(run.workflowId, status))]
      })
    } finally {
      await close()
    }
  } catch (error) {
    progress(`runs that were terminated are not shown: ${error instanceof Error ? error.message : error}`)
    return []
  }
}
