import type { ClosedDay, DigestVersion } from '../../contracts/ledger/index.js'
import type { RetentionPolicy } from '../../contracts/types.js'

export interface PruneRequest {
  /** Policies of all loaded projects. Nothing of other projects is dropped, because their needs are unknown. */
  readonly policies: ReadonlyMap<string, RetentionPolicy>
  /** Drops only what belongs to this project alone; all projects when absent. */
  readonly project?: string
  /** When absent, a dry run that changes nothing. */
  readonly apply?: { readonly by: string; readonly reason: string }
}

/** Decisions, outcomes and labels of unknown decisions that were written on one day. */
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
  /** Null when the bytes no longer exist. */
  readonly bytes: number | null
}

export interface PruneReport {
  readonly applied: boolean
  /** Oldest first: dropped, or to be dropped in a dry run. */
  readonly days: readonly PrunedDay[]
  /** The oldest day that is kept, and why: no later day is dropped before it. Null when no day is left. */
  readonly held: { readonly day: string; readonly why: string } | null
  readonly artifacts: readonly PrunedArtifact[]
  /** Recorded as dropped by a run that ended before their bytes were removed. */
  readonly unfinished: readonly PrunedArtifact[]
  /** Reasons why artifacts are kept, with their number, most first. */
  readonly kept: readonly { readonly why: string; readonly artifacts: number }[]
}

/**
 * State of an artifact in the ledger. `dropped`: dropped by policy, and not named by a later entry; its bytes are
 * removed or will be, and an alias cannot be moved to a release that needs them. A training that makes the same bytes
 * again makes it `recorded`.
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

/** Closing of days, and dropping of data that the retention policies no longer keep. */
export interface RetentionArea {
  /**
   * Creates tomorrow's partitions and records count and digest of past days in the ledgers.
   * @returns the days closed now
   */
  closeDays(): Promise<ClosedDay[]>
  /** Count and digest of the present rows of a day. @param version the newest when absent */
  digestDay(
    day: Pick<ClosedDay, 'project' | 'table' | 'day'>,
    version?: DigestVersion,
  ): Promise<Pick<ClosedDay, 'rows' | 'digest'>>
  /**
   * Records digest version 2 of days that were closed in version 1, if their rows still have that digest.
   * @returns the days recorded now, and those whose rows differ
   */
  coverDays(): Promise<{ readonly covered: readonly ClosedDay[]; readonly differing: readonly ClosedDay[] }>
  /** State in one project, or in all projects that name the artifact. */
  artifactState(digest: string, project?: string): Promise<ArtifactState>
  /**
   * Reports data that the retention policies no longer keep, or records and drops them; that requires the tables'
   * owner.
   */
  prune(request: PruneRequest): Promise<PruneReport>
}
