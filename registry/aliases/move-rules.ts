/** When an alias may move. Pure: what is found was read under the project's lock. */
import { SlipwayError } from '../../contracts/failure.js'
import type { AliasMove } from './aliases-area.js'

export interface FoundForMove {
  /** Where the alias points now. */
  readonly current: string | null
  /** Whether the ledger has an accepted abort of the run. */
  readonly aborted: boolean
  /** The signal of a breach that rolls back the run's canary and that no look has read; null: there is none. */
  readonly breach: string | null
}

/** @throws SlipwayError BadRequest when no person or program, or no reason, is named */
export function requireReason({
  project,
  alias,
  actor,
  reason,
}: Pick<AliasMove, 'project' | 'alias' | 'actor' | 'reason'>): void {
  if (actor.trim() === '' || reason.trim() === '')
    throw new SlipwayError('BadRequest', `a move of ${alias} of ${project} needs an actor and a reason`)
}

/**
 * Compare and set.
 * @throws SlipwayError AliasMoved naming the expected and the actual release, or the abort; Breached naming the signal
 */
export function requireMovable(move: AliasMove, { current, aborted, breach }: FoundForMove): void {
  const { project, alias, expected, workflowId } = move
  if (current !== expected)
    throw new SlipwayError(
      'AliasMoved',
      `${alias} of ${project} was expected to be ${expected ?? 'nothing'}, but is ${current ?? 'nothing'}`,
    )
  if (move.unlessAborted && aborted)
    throw new SlipwayError('AliasMoved', `${workflowId} was aborted before it could move ${alias} of ${project}`)
  if (move.unlessBreached && breach !== null)
    throw new SlipwayError('Breached', `${alias} of ${project} was not moved: no look has read the breach of ${breach}`)
}

/** @throws SlipwayError BadRequest where the moves are of several projects */
export function projectOf(moves: readonly Pick<AliasMove, 'project'>[]): string | undefined {
  const project = moves[0]?.project
  if (moves.some((move) => move.project !== project))
    throw new SlipwayError('BadRequest', 'aliases of several projects cannot be moved together')
  return project
}
