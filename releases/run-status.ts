/** How Temporal sees the workflow of a run. */
import type { Client } from '@temporalio/client'

/** `RUNNING`, or how the workflow was closed, or `GONE` if Temporal does not know it. */
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
