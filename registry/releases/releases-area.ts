import type { EntryKind, LedgerEntry } from '../../contracts/ledger/index.js'
import type { Stage, VerdictName } from '../../contracts/names.js'
import type { ReleaseManifest, SnapshotManifest } from '../../contracts/types.js'

export interface ReleaseRef {
  readonly releaseId: string
  readonly digest: string
}

export interface ReleaseRecord extends ReleaseRef {
  readonly project: string
  readonly manifest: ReleaseManifest
  /** The run that registered it, which need not be the run that promoted it: a tuple may be run again. */
  readonly workflowId: string
  readonly at: string
}

/** One canary that was judged. */
export interface JudgedOpening {
  readonly workflowId: string
  /** How often this run had opened its canary before. */
  readonly opening: number
}

export interface ReleaseRunSummary {
  readonly project: string
  readonly workflowId: string
  readonly releaseId: string | null
  readonly startedAt: string
  /** As recorded in the ledger; the state of the workflow may be one step ahead. */
  readonly stage: Stage
  readonly verdict: VerdictName | null
  readonly reason: string | null
}

export interface ReleaseRunRecord extends ReleaseRunSummary {
  /** The entries of this run, or the part that was asked for, oldest first. */
  readonly entries: readonly LedgerEntry[]
  /** Kinds of which the run has earlier entries that were not asked for. */
  readonly shortened?: readonly EntryKind[]
  /** Earlier runs of the same release, oldest first; present when a release id was asked for that has several. */
  readonly otherRuns?: readonly string[]
}

/** Release tuples and snapshots, by id or digest. */
export interface ReleasesArea {
  /** Releases are numbered in order of registration. The same manifest is the same release. */
  register(request: {
    project: string
    manifest: ReleaseManifest
    workflowId: string
    at?: string
  }): Promise<ReleaseRef>
  /** @throws SlipwayError BadRequest when unknown, ArtifactMismatch when the record was altered */
  get(idOrDigest: string): Promise<ReleaseRecord>
  snapshot(digest: string): Promise<SnapshotManifest>
  /**
   * Openings of a canary, with at least one recorded look, of releases with the same snapshot, features, model and
   * action policy, whatever their promotion policy. Oldest run first.
   * @throws SlipwayError BadRequest when the release is unknown
   */
  judgedOpenings(releaseId: string): Promise<JudgedOpening[]>
}
