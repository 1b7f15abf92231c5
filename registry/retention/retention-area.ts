import type { ClosedDay } from '../../contracts/ledger/index.js'
import type { RetentionPolicy } from '../../contracts/types.js'

export interface PruneRequest {
  /** Of every project that is loaded: of others nothing is dropped, since nobody knows what they need. */
  readonly policies: ReadonlyMap<string, RetentionPolicy>
  /** Only what is this project's alone; all projects when absent. */
  readonly project?: string
  /** A dry run when absent: then nothing is changed. */
  readonly apply?: { readonly by: string; readonly reason: string }
}

/** Decisions, outcomes and labels kept aside that were written on one day. */
export interface PrunedDay {
  /** UTC. */
  readonly day: string
  readonly projects: readonly string[]
  readonly rows: number
}

export interface PrunedArtifact {
  readonly digest: string
  /** In words: `model of eta_v3`. */
  readonly what: string
  readonly projects: readonly string[]
  /** Null where the bytes are gone already. */
  readonly bytes: number | null
}

export interface PruneReport {
  readonly applied: boolean
  /** Oldest first: dropped, or to be dropped in a dry run. */
  readonly days: readonly PrunedDay[]
  /** The oldest day that stays, and why: no later day is dropped before it. Null where no day is left. */
  readonly held: { readonly day: string; readonly why: string } | null
  readonly artifacts: readonly PrunedArtifact[]
  /** Recorded as dropped by a run that ended before their bytes were removed. */
  readonly unfinished: readonly PrunedArtifact[]
  /** Why artifacts stay, with how many, most first. */
  readonly kept: readonly { readonly why: string; readonly artifacts: number }[]
}

/**
 * What the ledger says of an artifact. `dropped`: by policy, and nothing has named it since; the bytes are gone or about to go,
 * and an alias cannot be moved to a release that needs them. A training that makes the same bytes again makes it `recorded`.
 */
export type ArtifactState =
  | { readonly state: 'unknown' | 'recorded' }
  | {
      readonly state: 'dropped'
      readonly project: string
      readonly seq: number
      readonly at: string
      readonly by: string
      readonly reason: string
    }

/** Closed days, and what the retention policies no longer keep. */
export interface RetentionArea {
  /** Makes tomorrow's partitions ahead and appends count and digest of days that are over to the ledgers. @returns those closed now */
  closeDays(): Promise<ClosedDay[]>
  /** Count and digest of a day's rows as they are now. */
  digestDay(day: Pick<ClosedDay, 'project' | 'table' | 'day'>): Promise<Pick<ClosedDay, 'rows' | 'digest'>>
  /** In one project, or in all that name it. */
  artifactState(digest: string, project?: string): Promise<ArtifactState>
  /** What the retention policies no longer keep: shown, or recorded and dropped. Needs the user who owns the tables. */
  prune(request: PruneRequest): Promise<PruneReport>
}
