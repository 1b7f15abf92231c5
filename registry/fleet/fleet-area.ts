import type { LedgerEntry } from '../../contracts/ledger/index.js'
import type { AliasMoveRecord } from '../aliases/aliases-area.js'
import type { ReleaseRunSummary } from '../releases/releases-area.js'

/** What a page on many projects shows of each. */
export interface FleetRecords {
  /** The move in force of each alias; none for an alias that never moved. */
  readonly moves: readonly AliasMoveRecord[]
  /** The newest run of each project. */
  readonly newest: readonly ReleaseRunSummary[]
  /** Steps and clocks of the runs that were asked for, by run in the order of the ledger. */
  readonly exposure: readonly LedgerEntry<'canary_step' | 'clock'>[]
}

/** An offline comparison without its slices and figures, which may be large. */
export interface EvaluationSummary {
  /** ISO. */
  readonly at: string
  readonly workflowId: string
  readonly releaseId: string
  /** The release it was compared with. */
  readonly production: string
  readonly decision: string
  readonly metrics: {
    readonly candidate: Readonly<Record<string, number>>
    readonly production: Readonly<Record<string, number>>
  }
}

/** Many projects at once, in a fixed number of statements. What it reads does not grow with finished runs. */
export interface FleetArea {
  read(asked: { readonly projects: readonly string[]; readonly runs: readonly string[] }): Promise<FleetRecords>
  /** Those of the newest runs, at most so many, oldest first. */
  evaluations(project: string, most: number): Promise<EvaluationSummary[]>
}
