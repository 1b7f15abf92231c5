import type { Aliases } from '../../contracts/exposure.js'
import type { AliasName } from '../../contracts/names.js'

export interface AliasMove {
  readonly project: string
  readonly alias: AliasName
  readonly expected: string | null
  readonly to: string | null
  readonly actor: string
  readonly reason: string
  readonly workflowId: string | null
  /** Digest of what the move rests on. */
  readonly evidence: string | null
  readonly key: string
  readonly at?: string
  /** Not made where the run's abort is in the ledger already. */
  readonly unlessAborted?: true
}

export interface AliasMoveRecord extends Omit<Required<AliasMove>, 'expected' | 'unlessAborted'> {
  readonly seq: number
  readonly from: string | null
}

/** What production and canary point at, and every move of them. */
export interface AliasesArea {
  /** Compare-and-set. @throws SlipwayError AliasMoved naming expected and found; then nothing is written */
  move(move: AliasMove): Promise<AliasMoveRecord>
  /** All of them or none, in one transaction; all of one project. */
  moveTogether(moves: readonly AliasMove[]): Promise<AliasMoveRecord[]>
  current(project: string): Promise<Aliases>
  at(project: string, alias: AliasName, time: string): Promise<string | null>
  /** Oldest first. */
  history(project: string): Promise<AliasMoveRecord[]>
}
