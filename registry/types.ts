/** What the registry answers and takes. Times are ISO strings in UTC, except where a name ends in Ms or says epoch ms. */
import type { AliasName, Arm, Stage, VerdictName } from '../contracts/names.js'
import type { Cohort, JudgePolicy, ReleaseInput, ReleaseManifest, SnapshotManifest } from '../contracts/types.js'

export const ENTRY_KINDS = [
  'trigger',
  'snapshot',
  'training_run',
  'release',
  'evaluation',
  'decision_offline',
  'lane',
  'canary_step',
  'judgement',
  'alias_move',
  'operator_action',
  'breach',
  'approval',
  'verdict',
  'schedule',
  'label_correction',
  'day_closed',
  'dropped',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export interface NewEntry {
  readonly project: string
  readonly kind: EntryKind
  /** The workflow id; a release's id for `release`, the alias for `alias_move`. */
  readonly subject: string
  /** The caller's idempotency key, unique in the project. */
  readonly key: string
  readonly body: object
  /** Now when absent. An instant before the project's newest entry is recorded as that entry's instant. */
  readonly at?: string
}

export interface ChainEntry extends Required<NewEntry> {
  readonly seq: number
  readonly body: Readonly<Record<string, unknown>>
  /** Hash of the entry before; null for the first of a project. */
  readonly prev: string | null
  readonly hash: string
}

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
}

export interface AliasMoveRecord extends Omit<Required<AliasMove>, 'expected'> {
  readonly seq: number
  readonly from: string | null
}

export type Aliases = Readonly<Record<AliasName, string | null>>

/** Who has the canary lane of a project, and who waits for it, first come first. Workflow ids. */
export interface Lane {
  readonly holder: string | null
  readonly queue: readonly string[]
}

export interface LaneRequest {
  readonly project: string
  readonly workflowId: string
  readonly candidate: string
  /** What the candidate was judged against offline. */
  readonly production: string
  /** Digest of the evaluation that permits the canary. */
  readonly evaluation: string
  /** How often the canary was opened before, and closed because production changed: 0 when absent. */
  readonly opening?: number
}

export interface LaneTaken {
  readonly outcome: 'open' | 'busy' | 'production_changed'
  /** Busy: who is before this run. */
  readonly holder: string | null
}

export interface ReleaseRef {
  readonly releaseId: string
  readonly digest: string
}

export interface ReleaseRecord extends ReleaseRef {
  readonly project: string
  readonly manifest: ReleaseManifest
  /** The run that registered it. */
  readonly workflowId: string
  readonly at: string
}

export interface ReleaseRunSummary {
  readonly project: string
  readonly workflowId: string
  readonly releaseId: string | null
  readonly startedAt: string
  /** As far as the chain shows it; the workflow's own state may be a step ahead. */
  readonly stage: Stage
  readonly verdict: VerdictName | null
  readonly reason: string | null
}

export interface ReleaseRunRecord extends ReleaseRunSummary {
  /** Everything recorded of this run, oldest first. */
  readonly entries: readonly ChainEntry[]
}

/** Who was really asked: a replayed event, a live request, or a live request whose arm an operator forced. */
export type DecisionSource = 'replay' | 'live' | 'forced'

export interface DecisionRow {
  readonly decisionId: string
  /** The release run it was exposed under; empty where there was none. */
  readonly workflowId: string
  readonly releaseId: string
  readonly arm: Arm
  readonly entityHash: string
  /** Epoch ms of event time. */
  readonly eventAt: number
  readonly output: Readonly<Record<string, unknown>>
  readonly action: string
  /** What the release's own probability says this decision will cost, in the project's unit; absent where it says nothing. */
  readonly expectedLoss?: number | null
  /** `replay` when absent. */
  readonly source?: DecisionSource
  /** As it was sent, where it is small enough to be kept. */
  readonly input?: unknown
  readonly inputDigest?: string
  /** Bucket of the entity and the weight in force, both in basis points. */
  readonly split?: { readonly bucket: number; readonly weight: number }
  /** The registry could not be asked: the last known aliases answered. */
  readonly stale?: boolean
  /** The id was made here and cannot have been written before. */
  readonly fresh?: boolean
}

/** What stands in the log under an id that a caller made up; the earlier one where it was written before. */
export interface StoredDecision {
  readonly project: string
  readonly decisionId: string
  readonly releaseId: string
  readonly arm: Arm
  readonly output: Readonly<Record<string, number>>
  readonly action: string
  readonly inputDigest: string | null
}

export interface DecisionRecord extends StoredDecision {
  readonly workflowId: string
  readonly source: DecisionSource
  readonly entityHash: string
  readonly input: unknown
  readonly bucket: number | null
  readonly weight: number | null
  readonly stale: boolean
  /** ISO, event time. */
  readonly eventAt: string
  /** ISO, wall time of the database. */
  readonly writtenAt: string
}

export interface OutcomeRecord extends OutcomeRow {
  readonly writtenAt: string
}

export interface NewLabel {
  readonly decisionId: string
  readonly label: OutcomeRow['label']
  /** Epoch ms of event time. */
  readonly observedAt: number
}

export interface LabelledDecision extends NewLabel {
  readonly loss: number
}

export type LabelResult = 'first' | 'correction' | 'duplicate'

export interface OutcomeRow {
  readonly decisionId: string
  /** 1 for the first label, higher for each correction. */
  readonly version: number
  /** A number, or several by name. */
  readonly label: number | Readonly<Record<string, number>>
  /** Business loss of the decision given this label, in the project's unit. */
  readonly loss: number
  /** Epoch ms of event time at which the label became known. */
  readonly observedAt: number
}

/** Which labels of a run a look had used, and until when to look for others. */
export interface CorrectionQuery
  extends Pick<CohortQuery, 'project' | 'workflowId' | 'asOf' | 'labelHorizonMs' | 'source' | 'cut'> {
  /** Epoch ms of event time: corrections observed later are not seen. */
  readonly knownBy: number
}

/** Labels of one arm that a look had used on mature days and that were replaced since. */
export interface CorrectionCounts {
  readonly arm: Arm
  readonly corrected: number
  /** Sum of new minus used losses. */
  readonly lossChange: number
  /** ISO event time of the newest of them. */
  readonly through: string
}

export interface CohortQuery {
  readonly project: string
  readonly workflowId: string
  /** All arms when absent. */
  readonly arms?: readonly Arm[]
  /** Decisions of these releases alone; of all when absent. */
  readonly releases?: readonly string[]
  /** Epoch ms of event time. */
  readonly asOf: number
  readonly labelHorizonMs: number
  /** The policy's, applied to each loss before it is summed. */
  readonly lossBound?: JudgePolicy['lossBound']
  /** Epoch ms of event time: labels as known then, however late. Those known at asOf within the horizon when absent. */
  readonly labelsAsKnownBy?: number
  /** `replay` when absent: real traffic never mixes with replayed. */
  readonly source?: 'replay' | 'live'
  /** Only rows that were there when this cut was taken; all when absent. */
  readonly cut?: string
}

export interface CohortCounts extends Omit<Cohort, 'expectedShare'> {
  /** Mean weight in force when these decisions were made, in basis points; null where it was not recorded. */
  readonly weight: number | null
}

/** One step of a canary, or the probation: which share the other arm has. */
export interface ExposureStep {
  readonly phase: 'canary' | 'probation'
  readonly step: number
  /** Basis points: the canary's share, or in probation the holdback's. */
  readonly weight: number
  /** Epoch ms of the first whole UTC day at this weight. */
  readonly fromDay: number
  /** Which opening of the canary: the first when absent. */
  readonly opening?: number
}

/** All that decides who answers a request, of one instant. */
export interface ExposureRecord extends Aliases {
  readonly project: string
  /** The newest registered release: soon a candidate. */
  readonly newestRelease: string | null
  readonly run: ExposedRun | null
}

export interface ExposedRun {
  readonly workflowId: string
  readonly phase: 'canary' | 'probation'
  readonly candidate: string
  readonly reference: string
  readonly input: ReleaseInput
  /** Of this phase, in order of force. */
  readonly steps: readonly ExposureStep[]
}

export interface ClosedDay {
  readonly project: string
  readonly table: 'decisions' | 'outcomes'
  readonly day: string
  readonly rows: number
  readonly digest: string
}

export interface Problem {
  readonly project: string
  readonly seq: number
  readonly what: string
}

export interface Verification {
  readonly entries: number
  readonly artifacts: number
  /** Closed days of decisions and outcomes whose rows were counted and digested again. */
  readonly days: number
  readonly problems: readonly Problem[]
}

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
  entries(project: string, filter?: { kind?: EntryKind; subject?: string }): Promise<ChainEntry[]>

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
  /** Arms without a correction are not in it. */
  corrections(query: CorrectionQuery): Promise<CorrectionCounts[]>

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
  status(): Promise<RegistryStatus>
  close(): Promise<void>
}
