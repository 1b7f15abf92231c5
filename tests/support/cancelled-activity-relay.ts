/**
 * Works around three defects of the time-skipping server that the real server does not have.
 *
 * It refuses a workflow task that cancels an activity which completed meanwhile, and never issues the task again, so
 * the run stops (github.com/temporalio/sdk-java/issues/2391). The relay fails such a task in the worker's name; the
 * server then issues it again, with the activity's result.
 *
 * It locks its clock while an activity waits for a worker, and keeps the lock when the activity is cancelled, or its
 * run ends, before a worker has it: time stands still permanently. The worker's poll then ends early without a task; at
 * that moment the relay releases the lock.
 *
 * It records nothing when an attempt fails that would be tried again and whose cancellation was requested meanwhile, so
 * the run waits for the activity's end permanently. The real server does not try it again, and records the failure: the
 * relay marks such a failure as final.
 */
// Its names are known to Node only through its default export.
import proto, { type temporal } from '@temporalio/proto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { NativeConnection } from '@temporalio/worker'
import { type Answer, type Call, frameOf, messageOf, openRelay, refusal } from './grpc-relay.js'
import { closeable, type Ending } from './harness.js'

const {
  PollActivityTaskQueueResponse,
  PollWorkflowTaskQueueResponse,
  RespondActivityTaskFailedRequest,
  RespondWorkflowTaskCompletedRequest,
} = proto.temporal.api.workflowservice.v1
const NOT_FOUND = 5
/** A poll that finds nothing ends after 20 s. One that ends earlier without a task was given one that is over. */
const POLL_ENDS_MS = 19_500
/** A gRPC frame with an empty message. A poll whose caller has left has no frame. */
const EMPTY_FRAME_BYTES = 5
const RESULTS = ['RespondActivityTaskCompleted', 'RespondActivityTaskFailed', 'RespondActivityTaskCanceled']

type Execution = temporal.api.common.v1.IWorkflowExecution
type Completed = temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest

/** Workers connect to the returned `address` or `nativeConnection`. */
export const openCancelledActivityRelay = (env: TestWorkflowEnvironment) => closeable((opened) => open(env, opened))

async function open({ address, connection, namespace = 'default' }: TestWorkflowEnvironment, opened: Ending[]) {
  const { workflowService, testService } = connection
  /** By task token: runs whose workflow task is with a worker. */
  const tasks = new Map<string, Execution>()
  /** By task token: activities that are with a worker. */
  const attempts = new Map<string, string>()
  /** Activities whose cancellation was requested. */
  const requested = new Set<string>()
  const results = new Set<Promise<Answer>>()
  let checked: Promise<unknown> = Promise.resolve()

  const relay = await openRelay(address, async (call) => {
    if (RESULTS.includes(call.method)) return result(call)
    if (call.method === 'PollWorkflowTaskQueue') return polled(await call.forward())
    if (call.method === 'PollActivityTaskQueue') return activityPolled(call)
    if (call.method !== 'RespondWorkflowTaskCompleted') return call.forward()
    const completed = RespondWorkflowTaskCompletedRequest.decode(messageOf(call.request))
    const token = keyOf(completed.taskToken)
    const execution = tasks.get(token)
    tasks.delete(token)
    const cancelled = cancelledBy(completed)
    if (!execution || cancelled.length === 0) return call.forward()
    return alone(async () => {
      if (await areOpen(execution, cancelled)) return call.forward()
      await workflowService.respondWorkflowTaskFailed({ namespace, taskToken: completed.taskToken })
      return refusal(NOT_FOUND, 'the task cancels an activity that has completed')
    })
  })
  opened.push(() => relay.close())

  async function result(call: Call): Promise<Answer> {
    // Another check may have started by the time this one ends.
    for (let known: unknown; known !== checked; ) {
      known = checked
      await known
    }
    const forwarded = call.method === 'RespondActivityTaskFailed' ? call.forward(failureOf(call)) : call.forward()
    results.add(forwarded)
    return forwarded.finally(() => results.delete(forwarded))
  }

  /** The failure as it was reported; a final one where the cancellation was requested. */
  function failureOf({ request }: Call): Buffer {
    const failed = RespondActivityTaskFailedRequest.decode(messageOf(request))
    const token = keyOf(failed.taskToken)
    const activity = attempts.get(token)
    attempts.delete(token)
    if (activity === undefined || !requested.has(activity) || !failed.failure) return request
    const applicationFailureInfo = { ...failed.failure.applicationFailureInfo, nonRetryable: true }
    Object.assign(failed.failure, { applicationFailureInfo })
    return frameOf(RespondActivityTaskFailedRequest.encode(failed).finish())
  }

  function polled(answer: Answer): Answer {
    const { taskToken, workflowExecution } = PollWorkflowTaskQueueResponse.decode(messageOf(answer.body))
    if (workflowExecution && taskToken.length > 0) tasks.set(keyOf(taskToken), workflowExecution)
    return answer
  }

  async function activityPolled(call: Call): Promise<Answer> {
    const began = performance.now()
    const answer = await call.forward()
    const over = answer.body.length === EMPTY_FRAME_BYTES && performance.now() - began < POLL_ENDS_MS
    if (over) await testService?.unlockTimeSkipping({})
    const { taskToken, workflowExecution, activityId } = PollActivityTaskQueueResponse.decode(messageOf(answer.body))
    if (taskToken.length > 0) attempts.set(keyOf(taskToken), activityOf(workflowExecution, activityId))
    return answer
  }

  /** No activity result reaches the server during `work`. */
  async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = checked.then(async () => {
      await Promise.allSettled(results)
      return work()
    })
    checked = done.catch(() => {})
    return done
  }

  async function areOpen(execution: Execution, scheduledIds: readonly string[]): Promise<boolean> {
    const { pendingActivities } = await workflowService.describeWorkflowExecution({ namespace, execution })
    const open = new Set(pendingActivities.map(({ activityId }) => activityId))
    const { history } = await workflowService.getWorkflowExecutionHistory({ namespace, execution })
    const scheduled = (history?.events ?? []).filter(({ eventId }) => scheduledIds.includes(String(eventId)))
    const ids = scheduled.map((event) => event.activityTaskScheduledEventAttributes?.activityId)
    if (!ids.every((id) => open.has(id))) return false
    for (const id of ids) requested.add(activityOf(execution, id))
    return true
  }

  const nativeConnection = await NativeConnection.connect({ address: relay.address })
  opened.push(() => nativeConnection.close())
  return { nativeConnection, address: relay.address }
}

const cancelledBy = ({ commands }: Completed): string[] =>
  commands.flatMap(({ requestCancelActivityTaskCommandAttributes: cancel }) =>
    cancel ? [String(cancel.scheduledEventId)] : [],
  )

const activityOf = (execution: Execution | null | undefined, id: string | null | undefined): string =>
  `${execution?.runId} ${id}`

const keyOf = (token: Uint8Array): string => Buffer.from(token).toString('base64')
