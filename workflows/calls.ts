/**
 * How activities are called: task queue, time limits, retries. One proxy per call, so that the Web UI shows a summary
 * for each.
 */
import type { Duration } from '@temporalio/common'
import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { projectTaskQueue, WORKER_TIMEOUT_MEMO } from '../contracts/names.js'
import { recordable } from '../contracts/recordable-text.js'

/**
 * Heartbeat timeout after which a worker is considered dead. On cores shared with twenty other workers a healthy one
 * was measured to be silent for 30 s: a shorter timeout would start work a second time without a fault.
 */
const DEAD_AFTER_MS = 60_000

/**
 * Tests that kill workers shorten it by a memo field. Replay does not compare time-outs, so recorded histories stay
 * valid.
 */
function deadAfter(): Duration {
  const ms = workflowInfo().memo?.[WORKER_TIMEOUT_MEMO]
  return typeof ms === 'number' && ms > 0 ? ms : DEAD_AFTER_MS
}

/** Temporal takes 400 bytes of a summary, and no task that has more. A character has at most three. */
const short = (summary: string): string => (summary.length <= 130 ? summary : recordable(`${summary.slice(0, 129)}…`))

/** Registry calls: short, idempotent, retried until the registry answers. */
export const shared = (summary: string) =>
  proxyActivities<SharedActivities>({
    summary: short(summary),
    startToCloseTimeout: deadAfter(),
    retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '30 s' },
  })

/**
 * Work on a project's data and models: takes minutes, sends heartbeats. Retried without limit: the activity itself
 * counts the failures that must end the release (activities/retry-budget.ts), and then fails for good.
 */
export const forProject = (project: string, summary: string, startToCloseTimeout: Duration = '2 hours') =>
  proxyActivities<ProjectActivities>({
    summary: short(summary),
    taskQueue: projectTaskQueue(project),
    startToCloseTimeout,
    heartbeatTimeout: deadAfter(),
    // An abort waits until the trainer's process has ended: no work continues after the verdict.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
  })

/** Waiting: fails "not yet" and is retried when there may be something new; for weeks, without a worker slot. */
export const waiting = (project: string, summary: string) =>
  proxyActivities<ProjectActivities>({
    summary: short(summary),
    taskQueue: projectTaskQueue(project),
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: deadAfter(),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
  })

/** Waiting on the shared task queue. */
export const sharedWaiting = (summary: string) =>
  proxyActivities<SharedActivities>({
    summary: short(summary),
    startToCloseTimeout: deadAfter(),
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 1 },
  })
