/**
 * Who answers a pause in a rehearsal. With time compressed a window of five minutes is months of events, and a machine that trains
 * beside serving is slow: a pause for latency calls a person, and here that is the demo. Each word is recorded like anybody's.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { operateUpdate, stateQuery } from '../contracts/messages.js'
import type { Judgement, MonitorSignal } from '../contracts/types.js'
import type { ChainEntry } from '../registry/index.js'

const TRIES = 60
const AGAIN_MS = 500

/** Signals whose breach is the machine's doing. */
const isOfService = (signals: readonly MonitorSignal[], reason: string): boolean =>
  signals.some(
    ({ name, clock, power }) => clock === 'service_health' && power === 'pause' && reason === `breach:${name}`,
  )

/** @returns whether a release was resumed that this entry says was paused; one that goes on already is left alone */
export async function answerPause(
  client: Client,
  workflowId: string,
  signals: readonly MonitorSignal[],
  { kind, body }: Pick<ChainEntry, 'kind' | 'body'>,
): Promise<boolean> {
  if (kind !== 'judgement') return false
  const { action, reason } = body.judgement as Judgement
  if (action !== 'pause' || !isOfService(signals, reason)) return false
  const handle = client.workflow.getHandle(workflowId)
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const state = await handle.query(stateQuery)
    if (state.stage !== 'canary') return false
    if (state.paused) {
      const why = `${reason.slice('breach:'.length)}: a rehearsal on a busy machine, not the release`
      const word = { id: randomUUID(), action: 'resume' as const, by: 'slipway demo', reason: why }
      return (await handle.executeUpdate(operateUpdate, { args: [word] })).accepted
    }
    // An old pause, or one that is about to take effect.
    await sleep(AGAIN_MS)
  }
  return false
}
