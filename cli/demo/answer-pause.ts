/**
 * Resumes a rehearsal that was paused because the machine was slow. In compressed time a window of five minutes holds
 * months of events, and the machine trains while it serves, so latency breaches are expected. A pause needs an
 * operator; in the demo this is the operator. Its actions are recorded like any other.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { operateUpdate, stateQuery } from '../../contracts/messages.js'
import type { Judgement, MonitorSignal } from '../../contracts/types.js'
import type { LedgerEntry, Registry } from '../../registry/index.js'

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
  entry: Pick<LedgerEntry, 'kind' | 'body' | 'seq'>,
): Promise<boolean> {
  if (!isPause(entry) || !isServiceBreach(signals, reasonOf(entry))) return false
  const { verdict, entries } = await registry.runs.get(workflowId)
  // A later pause is answered when its own entry arrives.
  const later = entries.filter(({ seq }) => seq > entry.seq)
  if (verdict !== null || later.some((one) => isPause(one) || one.body.action === 'resume')) return false
  const handle = client.workflow.getHandle(workflowId)
  const reason = `${reasonOf(entry).slice('breach:'.length)}: a rehearsal on a busy machine, not the release`
  const resume = { id: `demo:${workflowId}:${entry.seq}`, action: 'resume' as const, by: 'slipway demo', reason }
  let failure: unknown
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const { stage, paused } = await handle.query(stateQuery)
      if (stage !== 'canary') return false
      // Safe to repeat: the id makes it idempotent.
      if (paused) return (await handle.executeUpdate(operateUpdate, { args: [resume] })).accepted
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

const isPause = ({ kind, body }: Pick<LedgerEntry, 'kind' | 'body'>): boolean =>
  kind === 'judgement' && (body.judgement as Judgement).action === 'pause'

const reasonOf = ({ body }: Pick<LedgerEntry, 'body'>): string => (body.judgement as Judgement).reason
