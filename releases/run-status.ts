/** How Temporal sees the workflow of a run. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client'

/** `RUNNING`, or how the workflow was closed, or `GONE` if Temporal does not know it. */
export const runStatus = async (client: Client, workflowId: string): Promise<string> =>
  (await describedRun(client, workflowId))?.status.name ?? 'GONE'

/** Null if Temporal does not know it. */
export async function describedRun(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | null> {
  const { WorkflowNotFoundError } = await import('@temporalio/client')
  try {
    return await client.workflow.getHandle(workflowId).describe()
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

export const closedText = (workflowId: string, status: string): string =>
  status === 'GONE'
    ? `Temporal does not know ${workflowId}.`
    : `The workflow ${workflowId} is ${status.toLowerCase().replaceAll('_', ' ')} in Temporal.`
