import { setTimeout as pause } from 'node:timers/promises'
import type { WorkflowExecutionDescription } from '@temporalio/client'
import { pendingOf } from '../support/steer.js'
import type { Model } from './model.js'
import { Standstill } from './standstill.js'
import { askState } from './state.js'
import type { World } from './world/world.js'

const GIVE_UP_MS = 30_000
const STUCK_MS = 60_000

/** Until nothing happens any more without time passing: every run has ended, or waits for its next attempt. */
export async function settle(model: Model, world: World): Promise<void> {
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; await pause(10)) {
    const quiet = await Promise.all(model.runs.map(({ workflowId }) => isQuiet(world, workflowId)))
    if (quiet.every(Boolean)) return
  }
  const said = await Promise.all(model.runs.map(({ workflowId }) => pendingOf(world, workflowId)))
  throw new Standstill(`waited ${GIVE_UP_MS / 1_000} s for every run to wait: ${JSON.stringify(said)}`)
}

async function isQuiet(world: World, workflowId: string): Promise<boolean> {
  if ((await askState(world, workflowId)).stage === 'done') return true
  const { raw, status } = await world.client.workflow.getHandle(workflowId).describe()
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
export async function jump({ env, clock }: World, ms: number): Promise<void> {
  const slept = env.sleep(ms)
  const stuck = pause(STUCK_MS, 'stuck' as const, { ref: false })
  if ((await Promise.race([slept, stuck])) === 'stuck')
    throw new Standstill(`time did not pass for ${STUCK_MS / 1_000} s: ${ms} ms`)
  await clock.tick()
}
