import { setTimeout as pause } from 'node:timers/promises'
import type { WorkflowExecutionDescription } from '@temporalio/client'
import type { Model } from './model.js'
import { askState } from './state.js'
import type { World } from './world/world.js'

/** An activity whose worker was killed is given to another after a minute. */
const GIVE_UP_MS = 100_000
/** Skipped time goes by in a blink: it stands where it only keeps up with the wall. */
const STANDS_MS = 2_000

/** Until nothing happens any more without time passing: every run has ended, or waits for its next attempt. */
export async function settle(model: Model, world: World): Promise<void> {
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; await pause(10)) {
    if (await allQuiet(model, world)) return
  }
  throw new Error(`waited ${GIVE_UP_MS / 1_000} s for every run to wait:\n${await tails(model, world)}`)
}

/** What runs that stand still have behind them: their last events, and what is pending. */
async function tails({ runs }: Model, { client }: World): Promise<string> {
  const lines = runs.map(async ({ workflowId }) => {
    const handle = client.workflow.getHandle(workflowId)
    const { raw, status } = await handle.describe()
    const last = ((await handle.fetchHistory()).events ?? []).slice(-12)
    const pending = (raw.pendingActivities ?? []).map(
      ({ activityType, state, attempt }) => `${activityType?.name} (state ${state}, attempt ${attempt})`,
    )
    const events = last.map(({ eventId, eventType }) => `${eventId}: ${eventType}`)
    return `${workflowId} ${status.name}, events ${events.join(', ')}; pending ${pending.join(', ')}`
  })
  return (await Promise.all(lines)).join('\n')
}

async function allQuiet({ runs }: Model, world: World): Promise<boolean> {
  return (await Promise.all(runs.map(({ workflowId }) => isQuiet(world, workflowId)))).every(Boolean)
}

/** Nothing under way by what the server says, also after it had time to do what it has been told. */
async function isQuiet(world: World, workflowId: string): Promise<boolean> {
  if (!(await waits(world, workflowId))) return false
  // Answered after the workflow's task that may be under way; and a question may cost a replay.
  await askState(world, workflowId)
  return waits(world, workflowId)
}

async function waits({ client }: World, workflowId: string): Promise<boolean> {
  const { raw, status } = await client.workflow.getHandle(workflowId).describe()
  if (status.name !== 'RUNNING') return true
  const pending = raw.pendingActivities ?? []
  return pending.length > 0 && pending.every(isBetweenAttempts)
}

/** This server goes on saying "started" of an attempt that has failed. */
const isBetweenAttempts = ({ lastFailure, lastStartedTime: began, lastAttemptCompleteTime: ended }: Pending): boolean =>
  Boolean(lastFailure && began && ended) && nanos(ended) >= nanos(began)

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]
type Instant = Pending['lastStartedTime']

const nanos = (instant: Instant): bigint =>
  BigInt(instant?.seconds?.toString() ?? 0) * 1_000_000_000n + BigInt(instant?.nanos ?? 0)

/** Lets skipped time pass. One that never does is told from one that takes long. */
export async function jump(model: Model, world: World, ms: number): Promise<void> {
  const { env, clock } = world
  const slept = env.sleep(ms).then(() => true)
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; ) {
    const before = await clock.tick()
    if (await Promise.race([slept, pause(STANDS_MS, false, { ref: false })])) {
      await clock.tick()
      return
    }
    const stands = (await clock.tick()) - before < 2 * STANDS_MS
    if (stands && (await allQuiet(model, world))) await takeBack(world)
  }
  throw new Error(`time did not pass for ${GIVE_UP_MS / 1_000} s: ${ms} ms\n${await tails(model, world)}`)
}

/**
 * This server counts what holds time, and forgets an activity that was cancelled before a worker took it, or whose run was terminated:
 * one that nothing needs any more is taken back.
 */
async function takeBack({ env }: World): Promise<void> {
  console.log('the time-skipping server holds time for an activity that is no more')
  await env.connection.testService?.unlockTimeSkipping({})
}
