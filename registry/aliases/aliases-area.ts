import type { Aliases } from '../../contracts/exposure.js'
import type { Identity } from '../../contracts/ledger/operator-action.js'
import type { AliasName } from '../../contracts/names.js'

export interface AliasMove {
  readonly project: string
  readonly alias: AliasName
  readonly expected: string | null
  readonly to: string | null
  readonly actor: string
  readonly reason: string
  readonly workflowId: string | null
  /** Digest of the evidence for the move. */
  readonly evidence: string | null
  readonly key: string
  /** How the name of the actor is known; absent where no name can be proven. */
  readonly identity?: Identity | undefined
  readonly at?: string
  /** The move is refused when the ledger already contains an accepted abort of the run. */
  readonly unlessAborted?: true
  /**
   * The move is refused when a breach that rolls back the run's canary is stored behind this ledger position, up to
   * which the look that permits it had read them; without one: that of the run's newest look.
   */
  readonly unlessBreached?: { readonly after?: number }
}

export interface AliasMoveRecord
  extends Omit<Required<AliasMove>, 'expected' | 'unlessAborted' | 'unlessBreached' | 'identity'>,
    Pick<AliasMove, 'identity'> {
  readonly seq: number
  readonly from: string | null
}

export interface MovesPage {
  readonly most: number
  /** Only moves before this place in the ledger. */
  readonly before?: number | undefined
  /** Of both when absent. */
  readonly alias?: AliasName
}

/** The releases that production and canary point at, and every move of them. */
export interface AliasesArea {
  /**
   * Compare and set.
   * @throws SlipwayError AliasMoved naming the expected and the actual release, or the abort; Breached naming the
   * breach; then nothing is written
   */
  move(move: AliasMove): Promise<AliasMoveRecord>
  /** All moves or none, in one transaction. All must be of one project. */
  moveTogether(moves: readonly AliasMove[]): Promise<AliasMoveRecord[]>
  current(project: string): Promise<Aliases>
  at(project: string, alias: AliasName, time: string): Promise<string | null>
  /** The moves of an alias from one instant to another, oldest first, after the one that was in force before. */
  during(project: string, alias: AliasName, time: { from: string; until: string }): Promise<AliasMoveRecord[]>
  /** Every move, oldest first: for a person who asks for all of them. */
  history(project: string): Promise<AliasMoveRecord[]>
  withKey(project: string, key: string): Promise<AliasMoveRecord | undefined>
  /** The newest ones, oldest first; what it reads does not grow with those before. */
  newest(project: string, page: MovesPage): Promise<AliasMoveRecord[]>
}
