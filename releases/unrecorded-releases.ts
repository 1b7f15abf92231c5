/**
 * Releases that Temporal runs and the ledger does not know yet: the starter writes nothing to the registry, and no
 * worker has taken them.
 */
import type { Client } from '@temporalio/client'
import { RELEASE_WORKFLOW, triggerOf } from '../contracts/names.js'
import type { ReleaseRunRecord } from '../registry/index.js'
import { runStatus } from './run-status.js'

/** One page of Temporal's list. Runs are unrecorded for moments, or while no worker runs. */
const PAGE = 1_000
const UNIMPLEMENTED = 12

/** @property unrecorded only Temporal knows it */
export type UnrecordedRun = ReleaseRunRecord & { readonly unrecorded: true }

/** One call, whatever the number of finished runs. @param recorded tells which of these ids the registry has */
export async function unrecordedReleases(
  client: Client,
  project: string | undefined,
  recorded: (workflowIds: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<UnrecordedRun[]> {
  const ofProject = project === undefined ? '' : ` AND ReleaseProject = "${project}"`
  const query = `WorkflowType = "${RELEASE_WORKFLOW}" AND ExecutionStatus = "Running"${ofProject}`
  const { namespace } = client.options
  const listed = await client.workflowService
    .listWorkflowExecutions({ namespace, query, pageSize: PAGE })
    .catch((error: { code?: number }) => {
      // A test server without visibility.
      if (error.code === UNIMPLEMENTED) return { executions: [] }
      throw error
    })
  const found = (listed.executions ?? []).flatMap(({ execution, startTime }) => {
    const workflowId = execution?.workflowId ?? ''
    const startedAt = new Date(Number(startTime?.seconds ?? 0) * 1_000).toISOString()
    return triggerOf(workflowId) === null ? [] : [unrecorded(workflowId, startedAt)]
  })
  if (found.length === 0) return []
  const known = await recorded(found.map(({ workflowId }) => workflowId))
  return found.filter(({ workflowId }) => !known.has(workflowId)).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
}

/** Undefined if Temporal does not run a release of this id. */
export async function unrecordedRelease(client: Client, workflowId: string): Promise<UnrecordedRun | undefined> {
  if (triggerOf(workflowId) === null || (await runStatus(client, workflowId)) !== 'RUNNING') return undefined
  const { startTime } = await client.workflow.getHandle(workflowId).describe()
  return unrecorded(workflowId, startTime.toISOString())
}

const unrecorded = (workflowId: string, startedAt: string): UnrecordedRun => ({
  project: triggerOf(workflowId)?.project ?? '',
  workflowId,
  releaseId: null,
  startedAt,
  stage: 'validating',
  verdict: null,
  reason: null,
  entries: [],
  unrecorded: true,
})
