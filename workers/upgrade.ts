/** A build becomes current only after it has replayed every run that it would have to continue (docs/decisions/083). */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, isGrpcServiceError } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import { Worker } from '@temporalio/worker'
import { SlipwayError } from '../contracts/failure.js'
import { CONDITION_WORKFLOW, RELEASE_WORKFLOW, SCHEDULED_WORKFLOW } from '../contracts/names.js'
import type { Deployment, WorkflowBundle } from './create-workers.js'

export interface Replayed {
  /** Histories of earlier builds, recorded in this build. */
  recorded: number
  /** Runs that are open on the server now. */
  open: number
  /** Runs that this build cannot continue, and why; empty when it may become current. */
  readonly refused: { readonly workflowId: string; readonly why: string }[]
}

const NOT_FOUND = 5
const FAILED_PRECONDITION = 9
const WORKERS_WITHIN_MS = 60_000
const AT_ONCE = 8

type Histories = Parameters<typeof Worker.runReplayHistories>[1]

/** Replays the recorded histories, then the history of every open run. Changes nothing. */
export async function replayEverything(
  client: Client,
  bundle: WorkflowBundle,
  recordings: string,
  dataConverter?: DataConverter,
): Promise<Replayed> {
  const replayed: Replayed = { recorded: 0, open: 0, refused: [] }
  const options = { workflowBundle: bundle, ...(dataConverter === undefined ? {} : { dataConverter }) }
  const replay = async (histories: Histories) => {
    let count = 0
    for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
      count += 1
      if (error) replayed.refused.push({ workflowId, why: error.message.split('\n')[0] ?? error.name })
    }
    return count
  }
  replayed.recorded = await replay(recordedHistories(recordings))
  const types = [RELEASE_WORKFLOW, SCHEDULED_WORKFLOW, CONDITION_WORKFLOW].map((type) => `"${type}"`).join(', ')
  const query = `ExecutionStatus = "Running" AND WorkflowType IN (${types})`
  replayed.open = await replay(client.workflow.list({ query }).intoHistories({ concurrency: AT_ONCE }))
  return replayed
}

/** @throws SlipwayError BadRequest when there is no recording: then the check would accept any build */
function recordedHistories(folder: string): { workflowId: string; history: unknown }[] {
  let files: string[] = []
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  } catch {
    // Reported below, like an empty folder.
  }
  if (files.length === 0)
    throw new SlipwayError('BadRequest', `no recorded histories in ${folder}; run this from a complete build`)
  return files.map((file) => {
    const { workflowId, events } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
    return { workflowId, history: { events } }
  })
}

/**
 * Gives new work, and the next step of every open run, to the workers of this build. Waits until they have connected,
 * with every task queue of the earlier build: the queues of a worker connect one after the other.
 * @param withinMs wall ms
 * @returns the build that was current before; null when none was
 * @throws SlipwayError Unavailable when they do not connect in time
 */
export async function makeCurrent(
  client: Client,
  { deploymentName, buildId }: Deployment,
  withinMs = WORKERS_WITHIN_MS,
): Promise<string | null> {
  const { workflowService } = client.connection
  const namespace = client.options.namespace
  for (const deadline = Date.now() + withinMs; ; await pause(250)) {
    const found = await workflowService
      .describeWorkerDeployment({ namespace, deploymentName })
      .catch((error: unknown) => {
        if (isGrpcServiceError(error) && error.code === NOT_FOUND) return null
        throw error
      })
    const info = found?.workerDeploymentInfo
    if (found && info?.versionSummaries?.some(({ deploymentVersion }) => deploymentVersion?.buildId === buildId)) {
      const before = info.routingConfig?.currentDeploymentVersion?.buildId || null
      if (before === buildId) return before
      const token = found.conflictToken ?? new Uint8Array()
      const asked = { namespace, deploymentName, buildId, conflictToken: token, identity: 'slipway upgrade' }
      try {
        await workflowService.setWorkerDeploymentCurrentVersion(asked)
        return before
      } catch (error) {
        if (isGrpcServiceError(error) && error.code === FAILED_PRECONDITION && Date.now() <= deadline) continue
        const { details, message } = error as { details?: string; message: string }
        throw new SlipwayError('Unavailable', `build ${buildId} cannot become current: ${details || message}`)
      }
    }
    if (Date.now() > deadline)
      throw new SlipwayError(
        'Unavailable',
        `deployment ${deploymentName} has no worker of build ${buildId}; start its workers with SLIPWAY_DEPLOYMENT=${deploymentName} first`,
      )
  }
}
