/** The whole rollback by an operator: production is moved first, then the open runs of the project are signalled. */
import { randomUUID } from 'node:crypto'
import { shortReason } from '../contracts/limits.js'
import { parseOrRefuse } from '../contracts/parse.js'
import { operatorAction } from '../contracts/schemas/index.js'
import { requireVisible } from '../contracts/visible-text.js'
import { type RollbackRequest, rollBack } from './roll-back.js'
import { type Signalled, signalProductionMoved } from './signal-production-moved.js'
import type { WithClient } from './with-client.js'

const operatorNote = operatorAction.omit({ action: true })

/**
 * Checks a request before anything is opened.
 * @param id makes the rollback idempotent; absent: a new one
 * @throws SlipwayError BadRequest naming the field that is malformed
 */
export function rollbackRequestOf(
  project: string,
  { id = randomUUID(), by, reason, to }: { id?: string; by: string; reason: string; to?: string | undefined },
): RollbackRequest {
  const note = parseOrRefuse(operatorNote, { id, by, reason: shortReason(reason) }, 'rollback')
  requireVisible({ by, reason })
  return { project, ...note, ...(to === undefined ? {} : { to }) }
}

/**
 * A failure to signal does not undo the rollback: each run notices the move at its next look.
 * @throws SlipwayError as `rollBack`; then nothing was moved
 */
export async function rollBackAndSignal(
  { withClient, ...needs }: Parameters<typeof rollBack>[0] & { readonly withClient: WithClient },
  request: RollbackRequest,
): Promise<{ from: string; to: string; runs: readonly Signalled[] }> {
  const { from, to, concerned } = await rollBack(needs, request)
  return { from, to, runs: await signalProductionMoved(concerned, withClient) }
}
