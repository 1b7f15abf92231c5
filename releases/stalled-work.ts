/**
 * Why a running release makes no progress, as Temporal sees it: its workflow task fails, or no worker takes its work.
 */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client'
import { spanInWords } from '../contracts/duration.js'

type Raw = WorkflowExecutionDescription['raw']
type Instant = { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined

export interface Stalled {
  readonly why: 'workflow_failing' | 'no_worker'
  readonly text: string
  /** ISO wall time. */
  readonly since: string
}

/** A free worker takes work within milliseconds; a poll lasts up to a minute. */
const UNTAKEN_MS = 70_000
const STATE_SCHEDULED = 1
/** Enough to find the failure of the task that is repeated. */
const NEWEST_EVENTS = 10

/** @param now wall time in epoch ms @param polled whether a worker polls this task queue for activities */
export async function stalledWork(
  client: Client,
  workflowId: string,
  raw: Raw,
  { now, polled }: { now: number; polled: (taskQueue: string) => Promise<boolean> },
): Promise<Stalled | undefined> {
  const task = raw.pendingWorkflowTask
  const since = msOf(task?.originalScheduledTime) ?? now
  if (task && (task.attempt ?? 1) > 1) {
    const text = `its workflow task has failed ${(task.attempt ?? 2) - 1} times: ${await causeOf(client, workflowId)}`
    return { why: 'workflow_failing', text, since: new Date(since).toISOString() }
  }
  if (task && !task.startedTime && now - since > UNTAKEN_MS) return noWorker('slipway', 'its workflow task', since, now)
  for (const { activityType, state, scheduledTime, activityOptions } of raw.pendingActivities ?? []) {
    const due = msOf(scheduledTime)
    const queue = activityOptions?.taskQueue?.name
    if (Number(state) !== STATE_SCHEDULED && String(state) !== 'PENDING_ACTIVITY_STATE_SCHEDULED') continue
    if (due === undefined || now - due <= UNTAKEN_MS || !queue || (await polled(queue))) continue
    return noWorker(queue, activityType?.name ?? 'an activity', due, now)
  }
  return undefined
}

const noWorker = (queue: string, what: string, since: number, now: number): Stalled => ({
  why: 'no_worker',
  text: `no worker of task queue ${queue} has taken ${what} for ${spanInWords(now - since)}; is one running?`,
  since: new Date(since).toISOString(),
})

async function causeOf(client: Client, workflowId: string): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: NEWEST_EVENTS,
  })
  const failed = history?.events?.find(({ workflowTaskFailedEventAttributes: found }) => found)
  const { failure, cause } = failed?.workflowTaskFailedEventAttributes ?? {}
  const { decodeOptionalFailureToOptionalError } = await import('@temporalio/common/lib/internal-non-workflow/index.js')
  const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure)
  return error?.message.split('\n')[0] || `cause ${cause ?? 'unknown'}`
}

/** For one command: asks once per task queue. */
export function pollersOf(client: Client, now: number): (taskQueue: string) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>()
  const ask = async (name: string) => {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType: 2,
    })
    return (pollers ?? []).some(({ lastAccessTime }) => now - (msOf(lastAccessTime) ?? 0) < UNTAKEN_MS)
  }
  return (name) => {
    const known = asked.get(name) ?? ask(name)
    asked.set(name, known)
    return known
  }
}

const msOf = (instant: Instant): number | undefined =>
  instant ? Number(instant.seconds ?? 0) * 1_000 + (instant.nanos ?? 0) / 1e6 : undefined
