import type { ReleaseState } from '../../contracts/messages.js'
import { stateOf } from '../support/steer.js'
import type { SequenceSystem } from './system/sequence-system.js'

const ONCE_MS = 3_000
const TRIES = 15

/** This server never answers a query that was given to a worker that died: so the query is repeated. */
export async function askState({ client, registry }: SequenceSystem, workflowId: string): Promise<ReleaseState> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await client.withDeadline(Date.now() + ONCE_MS, () => stateOf({ client, registry }, workflowId))
    } catch (error) {
      if (tries === TRIES) throw error
    }
  }
}
