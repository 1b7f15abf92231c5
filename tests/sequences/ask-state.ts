import type { ReleaseState } from '../../contracts/messages.js'
import { stateOf } from '../support/steer.js'
import type { SequenceSystem } from './system/sequence-system.js'

const ONCE_MS = 3_000
const TRIES = 15

/** States of runs that have ended: a query for one replays its whole history, at each of a sequence's checks. */
const ended = new WeakMap<SequenceSystem, Map<string, ReleaseState>>()

/**
 * The state of a run. On a track that replays, every query reaches the workflow; elsewhere the state of an ended run is
 * kept.
 */
export async function askState(system: SequenceSystem, workflowId: string): Promise<ReleaseState> {
  const kept = ended.get(system)?.get(workflowId)
  if (kept !== undefined) return kept
  const state = await query(system, workflowId)
  // Only a run that says so may have ended, and only what is asked after its end is its last state.
  if (system.killShared !== null || state.stage !== 'done' || (await isRunning(system, workflowId))) return state
  const last = await query(system, workflowId)
  ended.set(system, (ended.get(system) ?? new Map<string, ReleaseState>()).set(workflowId, last))
  return last
}

async function isRunning({ client }: SequenceSystem, workflowId: string): Promise<boolean> {
  return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING'
}

/** This server never answers a query that was given to a worker that died: so the query is repeated. */
async function query({ client, registry }: SequenceSystem, workflowId: string): Promise<ReleaseState> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await client.withDeadline(Date.now() + ONCE_MS, () => stateOf({ client, registry }, workflowId))
    } catch (error) {
      if (tries === TRIES) throw error
    }
  }
}
