/**
 * Who answers a pause in a rehearsal. With time compressed a window of five minutes is months of events, and a machine that trains
 * beside serving is slow: a pause for latency calls a person, and here that is the demo. Each word is recorded like anybody's.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { EntryPart } from '../../contracts/ledger/index.js'
import { operateUpdate, stateQuery } from '../../contracts/messages.js'
import type { MonitorSignal } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'

const TRIES = 60
const AGAIN_MS = 500

/** Signals whose breach is the machine's doing. */
const isOfService = (signals: readonly MonitorSignal[], reason: string): boolean =>
  signals.some(
    ({ name, clock, power }) => clock === 'service_health' && power === 'pause' && reason === `breach:${name}`,
  )

interface Needs {
  readonly client: Client
  readonly registry: { readonly runs: Pick<Registry['runs'], 'get'> }
}

/**
 * @param signals the project's, as its candidates carry them
 * @returns whether a release was resumed that this entry says was paused; one that ended or goes on already is left alone
 */
export async function answerPause(
  { client, registry }: Needs,
  workflowId: string,
  signals: readonly MonitorSignal[],
  entry: EntryPart<'seq'>,
): Promise<boolean> {
  const paused = pauseReason(entry)
  if (paused === null || !isOfService(signals, paused)) return false
  const { verdict, entries } = await registry.runs.get(workflowId)
  // Whatever came later has been answered, or is answered by its own turn.
  const later = entries.filter(({ seq }) => seq > entry.seq)
  if (verdict !== null || later.some((one) => pauseReason(one) !== null || isResume(one))) return false
  const handle = client.workflow.getHandle(workflowId)
  const reason = `${paused.slice('breach:'.length)}: a rehearsal on a busy machine, not the release`
  const word = { id: `demo:${workflowId}:${entry.seq}`, action: 'resume' as const, by: 'slipway demo', reason }
  let failure: unknown
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      const state = await handle.query(stateQuery)
      if (state.stage !== 'canary') return false
      // The same word twice is one.
      if (state.paused) return (await handle.executeUpdate(operateUpdate, { args: [word] })).accepted
      failure = undefined
    } catch (error) {
      // What makes the machine pause it makes it slow to answer, too: unanswered, the release would stay paused to its deadline.
      failure = error
    }
    // It is about to take effect.
    await sleep(AGAIN_MS)
  }
  if (failure !== undefined) throw failure
  return false
}

/** Why a look paused the canary; null for any other entry. */
const pauseReason = ({ kind, body }: EntryPart<never>): string | null =>
  kind === 'judgement' && body.judgement.action === 'pause' ? body.judgement.reason : null

const isResume = ({ kind, body }: EntryPart<never>): boolean => kind === 'operator_action' && body.action === 'resume'
