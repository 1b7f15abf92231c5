import type { Client } from '@temporalio/client'
import type { OperatorAnswer } from '../contracts/messages.js'
import { RELEASE_WORKFLOW } from '../contracts/names.js'
import type { OperatorAction } from '../contracts/types.js'
import type { Registry, ReleaseRunSummary } from '../registry/index.js'
import { identityOf } from './identity/approval-counts.js'
import type { Prover } from './identity/prover.js'
import { lostRun } from './lost-run.js'
import { recordOperatorAction } from './record-operator-action.js'

/**
 * Starts the workflow of a run again whose history Temporal has lost, in the canary or probation that it was in.
 * @returns null for a run in another stage
 */
export async function resumeLost(
  { registry, prover }: { readonly registry: Registry; readonly prover: Prover | undefined },
  client: Client,
  run: ReleaseRunSummary,
  action: OperatorAction,
): Promise<OperatorAnswer | null> {
  const lost = lostRun(await registry.runs.get(run.workflowId), Date.now())
  if (!lost) return null
  const { WorkflowExecutionAlreadyStartedError } = await import('@temporalio/client')
  const { releaseStart } = await import('../contracts/release-start.js')
  const { input, continued } = lost
  const message = `Temporal did not know it; it continues in its ${run.stage}, as the ledger has it`
  try {
    await client.workflow.start(RELEASE_WORKFLOW, {
      ...releaseStart(input),
      args: [input, continued],
      workflowIdConflictPolicy: 'FAIL',
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  const answer = { accepted: true, message }
  await recordOperatorAction(registry, run, action, answer, identityOf(prover, run, action))
  return answer
}
