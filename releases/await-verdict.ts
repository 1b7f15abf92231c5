import type { Client } from '@temporalio/client'
import { SlipwayError } from '../contracts/failure.js'
import type { Verdict } from '../contracts/types.js'
import { closedText, runStatus } from './run-status.js'

export type EndedRelease = Pick<Verdict, 'verdict' | 'reason' | 'detail'>

/**
 * Waits for the verdict of a release.
 * @throws SlipwayError BadRequest for a run whose workflow was closed without a verdict; the message names the command
 * that concludes it
 */
export async function verdictOf(client: Client, workflowId: string): Promise<EndedRelease> {
  try {
    return await client.workflow.getHandle(workflowId).result()
  } catch (error) {
    const status = await runStatus(client, workflowId)
    if (status === 'RUNNING' || status === 'COMPLETED') throw error
    throw new SlipwayError(
      'BadRequest',
      `${closedText(workflowId, status)} It has no verdict; conclude it with: slipway release abort ${workflowId}`,
    )
  }
}
