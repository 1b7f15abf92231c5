/** What the registry answers and takes. Times are ISO strings in UTC, except where a name ends in Ms or says epoch ms. */
import type { AliasName, Arm } from '../../contracts/names.js'
import type { ReleaseManifest, SnapshotManifest } from '../../contracts/types.js'
import type { Aliases, AliasMove, AliasMoveRecord } from './aliases.js'
import type { ChainEntry, ChainExport, EntryKind, NewEntry, Verification } from './chain.js'
import type { ClosedDay } from './days.js'
import type { DecisionRecord, DecisionRow, StoredDecision } from './decisions.js'
import type {
  CohortCounts,
  CohortQuery,
  CorrectionCounts,
  CorrectionQuery,
  MaturedDecision,
  MaturedQuery,
  RecordedValues,
  RecordedValuesQuery,
} from './evidence.js'
import type { ExposureRecord } from './exposure.js'
import type { Lane, LaneRequest, LaneTaken } from './lanes.js'
import type { LabelledDecision, LabelResult, NewLabel, OutcomeRecord, OutcomeRow } from './outcomes.js'
import type { ReleaseRecord, ReleaseRef, ReleaseRunRecord, ReleaseRunSummary } from './releases.js'
import type { ArtifactState, PruneReport, PruneRequest } from './retention.js'

export interface RegistryStatus {
  /** False where the connection may not use the role slipway_app: then the triggers alone keep the tables append-only. */
  readonly roles: boolean
  readonly user: string
  readonly serverVersion: string
}

export interface Registry {
  /**
   * The same key with the same content again returns the entry there is.
   * @throws SlipwayError BadRequest for a key that is taken by other content
   */
  append(entry: NewEntry): Promise<ChainEntry>
  entries(
    project: string,
    filter?: { kind?: EntryKind | readonly EntryKind[]; subject?: string },
  ): Promise<ChainEntry[]>
  /** The `judgement` entry of a phase whose look is the latest one; of two looks at one instant the one recorded last. */
  newestLook(run: {
    project: string
    workflowId: string
    phase: 'canary' | 'probation'
    /** Epoch ms of event time: of looks up to then. */
    until?: number
  }): Promise<ChainEntry | null>
  /** Whether any entry's key begins like this. */
  hasKey(project: string, beginning: string): Promise<boolean>

  /** Numbered by order of registration; the same manifest again is the same release. */
  registerRelease(request: {
    project: string
    manifest: ReleaseManifest
    workflowId: string
    at?: string
  }): Promise<ReleaseRef>
  /** @throws SlipwayError BadRequest when unknown, ArtifactMismatch when the record was altered */
  getRelease(idOrDigest: string): Promise<ReleaseRecord>
  getSnapshot(digest: string): Promise<SnapshotManifest>

  /** Compare-and-set. @throws SlipwayError AliasMoved naming expected and found; then nothing is written */
  moveAlias(move: AliasMove): Promise<AliasMoveRecord>
  /** All of them or none, in one transaction; all of one project. */
  moveAliases(moves: readonly AliasMove[]): Promise<AliasMoveRecord[]>
  aliases(project: string): Promise<Aliases>
  aliasAt(project: string, alias: AliasName, time: string): Promise<string | null>
  /** Oldest first. */
  aliasHistory(project: string): Promise<AliasMoveRecord[]>
  lane(project: string): Promise<Lane>
  /** Takes a place in the lane's queue, and the lane when it is this run's turn: then the alias canary is moved with it. */
  takeLane(request: LaneRequest): Promise<LaneTaken>

  /** Oldest first. */
  runs(project?: string): Promise<ReleaseRunSummary[]>
  /** @throws SlipwayError BadRequest when no run has this workflow or release id */
  run(workflowIdOrReleaseId: string): Promise<ReleaseRunRecord>

  /** Rows already there are left as they are. @returns how many were new */
  recordDecisions(project: string, rows: readonly DecisionRow[]): Promise<number>
  recordOutcomes(project: string, rows: readonly OutcomeRow[]): Promise<number>
  /** The service's log: one call a batch. @returns what stands under the ids that are not fresh */
  logDecisions(project: string, rows: readonly DecisionRow[]): Promise<StoredDecision[]>
  /** In all projects: an id is unique in its own. */
  findDecisions(decisionId: string, project?: string): Promise<DecisionRecord[]>
  decisionsById(project: string, ids: readonly string[]): Promise<DecisionRecord[]>
  /** All versions of a decision's label, oldest first. */
  outcomesOf(project: string, decisionId: string): Promise<OutcomeRecord[]>
  /** Gives each label its version; one that was delivered before is a duplicate. In the order given. */
  addLabels(project: string, labels: readonly LabelledDecision[]): Promise<LabelResult[]>
  /** Keeps labels of unknown decisions aside. */
  setAside(project: string, labels: readonly NewLabel[]): Promise<void>
  /** Labels kept aside for these decisions, or for any decision that is there by now. */
  earlyLabels(project: string, ids?: readonly string[]): Promise<NewLabel[]>
  /** How many decisions labels were kept aside for, and of how many the decision never turned up. */
  earlyLabelCounts(project: string): Promise<{ kept: number; unknown: number }>

  /** Epoch ms of the newest replayed decision's event; null when there is none. */
  latestDecision(project: string, workflowId: string): Promise<number | null>
  /** The live decision of a run, or of one of its arms, with the newest event; null when there is none. */
  latestLiveDecision(
    project: string,
    workflowId: string,
    arm?: Arm,
  ): Promise<{ decisionId: string; eventAt: number } | null>
  /** Names the rows that are there now, for ever. */
  cut(): Promise<string>

  exposure(project: string): Promise<ExposureRecord>
  /** Calls back with the project whose exposure may have changed, and with null when notices may have been missed. */
  listen(onChange: (project: string | null) => void): Promise<{ stop(): Promise<void> }>

  /** Makes tomorrow's partitions ahead and appends count and digest of days that are over to the chains. @returns those closed now */
  closeDays(): Promise<ClosedDay[]>
  /** Count and digest of a day's rows as they are now. */
  digestDay(day: Pick<ClosedDay, 'project' | 'table' | 'day'>): Promise<Pick<ClosedDay, 'rows' | 'digest'>>
  /** One row per event day (UTC) and arm, in that order; labels that came later than asOf or the horizon are not in it. */
  cohorts(query: CohortQuery): Promise<CohortCounts[]>
  recordedValues(query: RecordedValuesQuery): Promise<RecordedValues>
  /** With the label that a look goes by, in event order; the newest 50,000 where there are more. */
  maturedDecisions(query: MaturedQuery): Promise<MaturedDecision[]>
  /** Arms without a correction are not in it. */
  corrections(query: CorrectionQuery): Promise<CorrectionCounts[]>
  /** Runs of which a label was replaced by a version written at or after an instant (ISO); whenever it was, with null. */
  correctedRuns(since: string | null): Promise<{ project: string; workflowId: string }[]>

  /**
   * Entries worth telling people of that this receiver was not told of, oldest first, a batch at a time. A receiver that is
   * new begins at `now` (ISO).
   */
  undelivered(receiver: string, now: string): Promise<ChainEntry[]>
  /** @param notice the id the receiver saw: `project/seq` for a chain entry */
  /** Notices whose id begins with `prefix` that the receiver has. */
  deliveredTo(receiver: string, prefix: string): Promise<ReadonlySet<string>>
  recordDelivery(receiver: string, notice: string, at: string): Promise<void>

  verify(): Promise<Verification>
  /** Writes every entry as a line of JSON (docs/export.md): of one project, or of all in order of their names. */
  exportChain(write: (line: string) => Promise<void>, project?: string): Promise<ChainExport>
  /** In one project, or in all that name it. */
  artifactState(digest: string, project?: string): Promise<ArtifactState>
  /** What the retention policies no longer keep: shown, or recorded and dropped. Needs the user who owns the tables. */
  prune(request: PruneRequest): Promise<PruneReport>
  status(): Promise<RegistryStatus>
  close(): Promise<void>
}
