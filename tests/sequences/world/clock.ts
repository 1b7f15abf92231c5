import { setTimeout as pause } from 'node:timers/promises'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Ending } from '../../support/harness.js'

export interface LaneClock {
  /** Epoch ms of the server's skipped time, as last asked. */
  now(): number
  /** Asks the server. */
  tick(): Promise<number>
}

const EVERY_MS = 100

/** Never runs behind what it knew. Asked before each activity, and between for whoever serves. */
export async function laneClock(env: TestWorkflowEnvironment, opened: Ending[]): Promise<LaneClock> {
  let now = await env.currentTimeMs()
  const tick = async () => {
    now = Math.max(now, await env.currentTimeMs().catch(() => now))
    return now
  }
  const ended = new AbortController()
  const ticking = (async () => {
    for (; !ended.signal.aborted; await pause(EVERY_MS)) await tick()
  })()
  opened.push(() => {
    ended.abort()
    return ticking
  })
  return { now: () => now, tick }
}
