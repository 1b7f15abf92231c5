/** How activities are called: which queue, how long, how often again. One proxy a summary, so that the Web UI reads well. */
import type { Duration } from '@temporalio/common'
import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { projectTaskQueue, WORKER_TIMEOUT_MEMO } from '../contracts/names.js'

/**
 * Timeout after which a worker is considered dead. A worker that shares its cores with twenty others was measured to send no heartbeat
 * for 30 s: with a shorter timeout it loses all its attempts at once, and the release fails although nothing is wrong with it.
 */
const DEAD_AFTER_MS = 60_000

/** A memo may shorten it, as tests that kill workers do. It is an attribute of the command: replay does not compare it. */
function deadAfter(): Duration {
  const ms = workflowInfo().memo?.[WORKER_TIMEOUT_MEMO]
  return typeof ms === 'number' && ms > 0 ? ms : DEAD_AFTER_MS
}

/** Registry calls: short, idempotent, tried until the registry answers. */
export const shared = (summary: string) =>
  proxyActivities<SharedActivities>({
    summary,
    startToCloseTimeout: deadAfter(),
    retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '30 s' },
  })

/** A project's data and models: minutes long, tried again a few times, heartbeats while it works. */
export const forProject = (project: string, summary: string, startToCloseTimeout: Duration = '2 hours') =>
  proxyActivities<ProjectActivities>({
    summary,
    taskQueue: projectTaskQueue(project),
    startToCloseTimeout,
    heartbeatTimeout: deadAfter(),
    // An abort waits until the trainer's process is gone: no work goes on behind a verdict.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s', maximumAttempts: 4 },
  })

/** Waiting: fails "not yet" and comes back when there may be something to see; for weeks, without a slot. */
export const waiting = (project: string, summary: string) =>
  proxyActivities<ProjectActivities>({
    summary,
    taskQueue: projectTaskQueue(project),
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: deadAfter(),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
  })

/** The same on the shared queue. */
export const sharedWaiting = (summary: string) =>
  proxyActivities<SharedActivities>({
    summary,
    startToCloseTimeout: deadAfter(),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 1 },
  })
