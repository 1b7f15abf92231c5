import { setTimeout as pause } from 'node:timers/promises'
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client'
// Its names are known to Node only through its default export.
import proto from '@temporalio/proto'
import { askState } from './ask-state.js'
import { pauses } from './pauses.js'
import type { Model } from './sequence-model.js'
import type { SequenceSystem } from './system/sequence-system.js'

const { temporal } = proto

/** An activity of a killed worker is given to another one after a minute. */
const GIVE_UP_MS = 100_000
/** Skipping time takes a moment: time is blocked when it only keeps up with wall time. */
const BLOCKED_MS = 2_000

/** Waits until nothing happens without time passing: every run has ended, or waits for its next attempt. */
export async function settle(model: Model, system: SequenceSystem): Promise<void> {
  for await (const _ of pauses(GIVE_UP_MS)) if (await allQuiet(model, system)) return
  throw new Error(`waited ${GIVE_UP_MS / 1_000} s for every run to wait:\n${await tails(model, system)}`)
}

/** Enough to see what the run waited for last: most steps are one activity and the tasks around it. */
const TAIL = 40
type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number]

/** The number of an event, its kind, and the activity or message that it is about. */
function eventText({ eventId, eventType, ...attributes }: Event): string {
  const kind = temporal.api.enums.v1.EventType[eventType ?? 0]?.replace('EVENT_TYPE_', '').toLowerCase()
  const { activityTaskScheduledEventAttributes: scheduled, workflowExecutionSignaledEventAttributes: sent } = attributes
  const about = [scheduled?.activityType?.name, sent?.signalName].filter(Boolean).join()
  return `${eventId}: ${kind}${about ? ` ${about}` : ''}`
}

/** The last events and the pending activities of each run, for error messages. */
async function tails({ runs }: Model, { client }: SequenceSystem): Promise<string> {
  const lines = runs.map(async ({ workflowId }) => {
    const handle = client.workflow.getHandle(workflowId)
    const { raw, status } = await handle.describe()
    const last = ((await handle.fetchHistory()).events ?? []).slice(-TAIL)
    const pending = (raw.pendingActivities ?? []).map(
      ({ activityType, state, attempt }) => `${activityType?.name} (state ${state}, attempt ${attempt})`,
    )
    return `${workflowId} ${status.name}, events ${last.map(eventText).join(', ')}; pending ${pending.join(', ')}`
  })
  return (await Promise.all(lines)).join('\n')
}

/**
 * Whether the server reports no work in progress, before and after each workflow has handled its pending task. The
 * first run at work decides; mostly it is the one that was started last.
 */
async function allQuiet({ runs }: Model, system: SequenceSystem): Promise<boolean> {
  const waiting: string[] = []
  for (const { workflowId } of runs.toReversed()) {
    const first = await progress(system, workflowId)
    if (first === 'works') return false
    if (first === 'waits') waiting.push(workflowId)
  }
  const still = await Promise.all(
    waiting.map(async (workflowId) => {
      // A query is answered after the current workflow task; it may cost a replay.
      await askState(system, workflowId)
      return progress(system, workflowId)
    }),
  )
  return still.every((one) => one !== 'works')
}

/** Runs that were seen to have ended. */
const over = new WeakMap<SequenceSystem, Set<string>>()

async function progress(system: SequenceSystem, workflowId: string): Promise<'ended' | 'waits' | 'works'> {
  const ended = over.get(system) ?? new Set<string>()
  if (ended.has(workflowId)) return 'ended'
  const { raw, status } = await system.client.workflow.getHandle(workflowId).describe()
  if (status.name !== 'RUNNING') {
    if (status.name !== 'CONTINUED_AS_NEW') over.set(system, ended.add(workflowId))
    return 'ended'
  }
  const pending = raw.pendingActivities ?? []
  return pending.length > 0 && pending.every(isBetweenAttempts) ? 'waits' : 'works'
}

/** This server continues to report "started" for an attempt that has failed. */
const isBetweenAttempts = ({ lastFailure, lastStartedTime: began, lastAttemptCompleteTime: ended }: Pending): boolean =>
  Boolean(lastFailure && began && ended) && nanos(ended) >= nanos(began)

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]
type Instant = Pending['lastStartedTime']

const nanos = (instant: Instant): bigint =>
  BigInt(instant?.seconds?.toString() ?? 0) * 1_000_000_000n + BigInt(instant?.nanos ?? 0)

/** Skips time. Blocked time is distinguished from time that passes slowly. */
export async function jump(model: Model, system: SequenceSystem, ms: number): Promise<void> {
  const { env, clock } = system
  const slept = env.sleep(ms).then(() => true)
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; ) {
    const before = await clock.tick()
    if (await Promise.race([slept, pause(BLOCKED_MS, false, { ref: false })])) {
      await clock.tick()
      return
    }
    const blocked = (await clock.tick()) - before < 2 * BLOCKED_MS
    if (blocked && (await allQuiet(model, system))) await unblock(system)
  }
  throw new Error(`time did not pass for ${GIVE_UP_MS / 1_000} s: ${ms} ms\n${await tails(model, system)}`)
}

/**
 * This server counts the activities that block time. It does not release an activity that was cancelled before a worker
 * took it, or whose run was terminated; this releases one.
 */
async function unblock({ env }: SequenceSystem): Promise<void> {
  console.log('the time-skipping server blocks time for an activity that no longer exists')
  await env.connection.testService?.unlockTimeSkipping({})
}
