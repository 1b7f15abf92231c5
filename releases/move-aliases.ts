/** The alias moves of one run. Idempotent, keyed by the run. Only they and a rollback move aliases. */

import type { SharedActivities } from '../contracts/activities.js'
import { SlipwayError } from '../contracts/failure.js'
import { canaryCloseKey, promotionKey, revertKey } from '../contracts/ledger/index.js'
import type { AliasMove, Registry } from '../registry/index.js'

type Moves = Pick<Registry, 'aliases' | 'lane'>
type Request<Name extends 'closeCanary' | 'promote' | 'revert'> = Parameters<SharedActivities[Name]>[0]
type Moved = Awaited<ReturnType<SharedActivities['promote']>>

/** Closes the canary of a candidate, if the run still has the lane and the canary is that candidate. */
export async function closeCanary(
  { lane, aliases }: Moves,
  { project, workflowId, candidate, reason, opening }: Request<'closeCanary'>,
): Promise<void> {
  const { holder } = await lane.current(project)
  if (holder !== workflowId || (await aliases.current(project)).canary !== candidate) return
  await aliases.move({
    project,
    alias: 'canary',
    expected: candidate,
    to: null,
    actor: workflowId,
    reason,
    workflowId,
    evidence: null,
    key: canaryCloseKey(workflowId, opening),
  })
}

/** Moves production to the candidate and closes its canary, in one transaction. */
export function promote(
  registry: Moves,
  { project, workflowId, candidate, production, reason, actor, evidence, opening, breachesRead }: Request<'promote'>,
): Promise<Moved> {
  const common = { project, actor, reason, workflowId, evidence }
  const close = canaryCloseKey(workflowId, opening)
  const key = promotionKey(workflowId)
  return moveUnlessMoved(registry, project, candidate, [
    {
      ...common,
      alias: 'production',
      expected: production,
      to: candidate,
      key,
      unlessAborted: true,
      unlessBreached: breachesRead === undefined ? {} : { after: breachesRead },
    },
    { ...common, alias: 'canary', expected: candidate, to: null, key: close },
  ])
}

/** Moves production back from the candidate to the earlier production. */
export function revert(
  registry: Moves,
  { project, workflowId, candidate, production, reason, evidence }: Request<'revert'>,
): Promise<Moved> {
  const common = { project, actor: workflowId, reason: `revert:${reason}`, workflowId, evidence }
  const key = revertKey(workflowId)
  return moveUnlessMoved(registry, project, production, [
    { ...common, alias: 'production', expected: candidate, to: production, key },
  ])
}

/** Compare-and-set. If the alias was moved, or a breach stored, meanwhile, that is an answer and not an error. */
async function moveUnlessMoved(
  { aliases }: Moves,
  project: string,
  to: string,
  moves: readonly AliasMove[],
): Promise<Moved> {
  try {
    await aliases.moveTogether(moves)
    return { moved: true, found: to }
  } catch (error) {
    if (!(error instanceof SlipwayError) || (error.type !== 'AliasMoved' && error.type !== 'Breached')) throw error
    const { production: found } = await aliases.current(project)
    return error.type === 'Breached' ? { moved: false, found, breached: true } : { moved: false, found }
  }
}
