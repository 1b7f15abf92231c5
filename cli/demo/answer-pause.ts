/**
 * Resumes a rehearsal that was paused because the machine was slow. In compressed time a window of five minutes holds
 * months of events, and the machine trains while it serves, so latency breaches are expected. A pause needs an
 * operator; in the demo this is the operator. Its actions are recorded like any other.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { EntryPart } from '../../contracts/ledger/index.js'
import { operateUpdate, stateQuery } from '../../contracts/messages.js'
import type { MonitorSignal } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'

const ATTEMPTS = 60
const RETRY_AFTER_MS = 500

/** True where a service health signal caused the pause: that is about the machine, not about the model. */
const isServiceBreach = (signals: readonly MonitorSignal[], reason: string): boolean =>
  signals.some(
    ({ name, clock, power }) => clock === 'service_health' && power === 'pause' && reason === `breach:${name}`,
  )

interface Needs {
  readonly client: Client
  readonly registry: { readonly runs: Pick<Registry['runs'], 'get'> }
}

/**
 * @param signals of the project's monitor
 * @returns true if the release was paused by this entry and was resumed here; a release that ended or is resumed
 * already is left alone
 */
export async function answerPause(
  { client, registry }: Needs,
  workflowId: string,
  signals: readonly MonitorSignal[],
  entry: EntryPart<'seq'>,
): Promise<boolean> {
  const paused = pauseReason(entry)
  if (paused === null || !isServiceBreach(signals, paused)) return false
  const { verdict, entries } = await registry.runs.get(workflowId)
  // A later pause is answered when its own entry arrives.
  const later = entries.filter(({ seq }) => seq > entry.seq)
  if (verdict !== null || later.some((one) => pauseReason(one) !== null || isResume(one))) return false
  const handle = client.workflow.getHandle(workflowId)
  const reason = `${paused.slice('breach:'.length)}: a rehearsal on a busy machine, not the release`
  const resume = { id: `demo:${workflowId}:${entry.seq}`, action: 'resume' as const, by: 'slipway demo', reason }
  let failure: unknown
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const state = await handle.query(stateQuery)
      if (state.stage !== 'canary') return false
      // Safe to repeat: the id makes it idempotent.
      if (state.paused) return (await handle.executeUpdate(operateUpdate, { args: [resume] })).accepted
      failure = undefined
    } catch (error) {
      // A slow machine also answers queries slowly. Without a retry the release would stay paused until its deadline.
      failure = error
    }
    // The pause is recorded before the workflow applies it.
    await sleep(RETRY_AFTER_MS)
  }
  if (failure !== undefined) throw failure
  return false
}

/** Why a look paused the canary; null for any other entry. */
const pauseReason = ({ kind, body }: EntryPart<never>): string | null =>
  kind === 'judgement' && body.judgement.action === 'pause' ? body.judgement.reason : null

const isResume = ({ kind, body }: EntryPart<never>): boolean => kind === 'operator_action' && body.action === 'resume'
