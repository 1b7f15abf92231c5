/** How activities are called: which queue, how long, how often again. One proxy a summary, so that the Web UI reads well. */
import type { Duration } from '@temporalio/common'
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow'
import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { projectTaskQueue } from '../contracts/names.js'

/**
 * Whoever has not been heard of for so long is dead. A worker that shares its cores with twenty others was measured to hold its
 * breath for 30 s: taken for dead, it loses all its attempts at once, and the release is lost though nothing was wrong with it.
 */
const DEAD_AFTER = '1 minute'

/** Registry calls: short, idempotent, tried until the registry answers. */
export const shared = (summary: string) =>
  proxyActivities<SharedActivities>({
    summary,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '30 s' },
  })

/** A project's data and models: minutes long, tried again a few times, heartbeats while it works. */
export const forProject = (project: string, summary: string, startToCloseTimeout: Duration = '2 hours') =>
  proxyActivities<ProjectActivities>({
    summary,
    taskQueue: projectTaskQueue(project),
    startToCloseTimeout,
    heartbeatTimeout: DEAD_AFTER,
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
    heartbeatTimeout: DEAD_AFTER,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
  })

/** The same on the shared queue. */
export const sharedWaiting = (summary: string) =>
  proxyActivities<SharedActivities>({
    summary,
    startToCloseTimeout: '1 minute',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 1 },
  })
