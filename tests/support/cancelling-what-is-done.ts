/**
 * Keeps the time-skipping server from a trap of its own: a workflow's task that cancels an activity which was done meanwhile is refused and
 * never given again, and the run stands still for ever (github.com/temporalio/sdk-java/issues/2391). The real server goes on. Here such
 * a task is failed in the worker's name: the server gives it again, with what the activity came to.
 */

import { temporal } from '@temporalio/proto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { NativeConnection } from '@temporalio/worker'
import { closeable, type Ending } from './harness.js'
import { type Answer, type Call, messageOf, openRelay, refusal } from './relay.js'

const { PollWorkflowTaskQueueResponse, RespondWorkflowTaskCompletedRequest } = temporal.api.workflowservice.v1
const NOT_FOUND = 5
const RESULTS = ['RespondActivityTaskCompleted', 'RespondActivityTaskFailed', 'RespondActivityTaskCanceled']

type Execution = temporal.api.common.v1.IWorkflowExecution
type Completed = temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest

/** Workers that connect to `address` do not fall into the trap. */
export const guardCancels = (env: TestWorkflowEnvironment) => closeable((opened) => open(env, opened))

async function open({ address, connection, namespace = 'default' }: TestWorkflowEnvironment, opened: Ending[]) {
  const { workflowService } = connection
  /** By task token: runs whose workflow task a worker has. */
  const tasks = new Map<string, Execution>()
  const results = new Set<Promise<Answer>>()
  let checked: Promise<unknown> = Promise.resolve()

  const relay = await openRelay(address, async (call) => {
    if (RESULTS.includes(call.method)) return result(call)
    if (call.method === 'PollWorkflowTaskQueue') return polled(await call.forward())
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
      return refusal(NOT_FOUND, 'an activity that it cancels was done meanwhile')
    })
  })
  opened.push(() => relay.close())

  async function result(call: Call): Promise<Answer> {
    // Another check may have begun by the time that one is over.
    for (let known: unknown; known !== checked; ) {
      known = checked
      await known
    }
    const told = call.forward()
    results.add(told)
    return told.finally(() => results.delete(told))
  }

  function polled(answer: Answer): Answer {
    const { taskToken, workflowExecution } = PollWorkflowTaskQueueResponse.decode(messageOf(answer.body))
    if (workflowExecution && taskToken.length > 0) tasks.set(keyOf(taskToken), workflowExecution)
    return answer
  }

  /** No activity tells what it came to meanwhile. */
  async function alone<Told>(what: () => Promise<Told>): Promise<Told> {
    const done = checked.then(async () => {
      await Promise.allSettled(results)
      return what()
    })
    checked = done.catch(() => {})
    return done
  }

  async function areOpen(execution: Execution, scheduledIds: readonly string[]): Promise<boolean> {
    const { pendingActivities } = await workflowService.describeWorkflowExecution({ namespace, execution })
    const open = new Set(pendingActivities.map(({ activityId }) => activityId))
    const { history } = await workflowService.getWorkflowExecutionHistory({ namespace, execution })
    const scheduled = (history?.events ?? []).filter(({ eventId }) => scheduledIds.includes(String(eventId)))
    return scheduled.every((event) => open.has(event.activityTaskScheduledEventAttributes?.activityId))
  }

  const nativeConnection = await NativeConnection.connect({ address: relay.address })
  opened.push(() => nativeConnection.close())
  return { nativeConnection, address: relay.address }
}

const cancelledBy = ({ commands }: Completed): string[] =>
  commands.flatMap(({ requestCancelActivityTaskCommandAttributes: cancel }) =>
    cancel ? [String(cancel.scheduledEventId)] : [],
  )

const keyOf = (token: Uint8Array): string => Buffer.from(token).toString('base64')
