import type { ShadowNumbers } from '../../contracts/ledger/index.js'
import type { Arm } from '../../contracts/names.js'
import type { Cohort, Evidence, JudgePolicy, Paired } from '../../contracts/types.js'
import type { OutcomeRow } from '../labels/label-types.js'
import type { DecisionRecord, DecisionRow, StoredDecision } from './decision-types.js'

/** Which labels of a run a look had used, and until when to search for corrections. */
export interface CorrectionQuery extends Pick<CohortQuery, 'project' | 'asOf' | 'labelHorizonMs' | 'source' | 'cut'> {
  readonly workflowId: string
  /** Epoch ms of event time: corrections observed later do not count. */
  readonly knownBy: number
}

/** Labels of one arm that a look had used on mature days and that were replaced afterwards. */
export interface CorrectionCounts {
  readonly arm: Arm
  readonly corrected: number
  /** Sum of new minus used losses. */
  readonly lossChange: number
  /** ISO event time of the newest correction. */
  readonly through: string
}

export interface CohortQuery {
  readonly project: string
  /** Decisions of this run; of any run and of none when absent. */
  readonly workflowId?: string
  /** Decisions of this release only. */
  readonly releaseId?: string
  /** Epoch ms of event time: decisions from then on. For live decisions only, which are written when they happen. */
  readonly from?: number
  /** All arms when absent. */
  readonly arms?: readonly Arm[]
  /** Decisions of these releases only; of all when absent. */
  readonly releases?: readonly string[]
  /** Epoch ms of event time. */
  readonly asOf: number
  readonly labelHorizonMs: number
  /** The bound of the policy, applied to each loss before it is summed. */
  readonly lossBound?: JudgePolicy['lossBound']
  /**
   * Epoch ms of event time: uses labels known then, however late. When absent: known at asOf and within the horizon.
   */
  readonly labelsAsKnownBy?: number
  /** `replay` when absent: real and replayed traffic are never mixed. */
  readonly source?: 'replay' | 'live'
  /** Only rows of this database snapshot; all when absent. */
  readonly cut?: string
}

/** Shadow decisions of a candidate, made in [from, asOf], epoch ms of event time. */
export interface ShadowQuery extends Pick<CohortQuery, 'project' | 'asOf' | 'source' | 'cut'> {
  readonly workflowId: string
  readonly releaseId: string
  readonly from: number
}

/** Values at given paths of live decisions of the arm `production`. */
export interface RecordedValuesQuery {
  readonly project: string
  /** Epoch ms of event time, [from, to). */
  readonly from: number
  readonly to: number
  /** For example `['input', 'distance']`. */
  readonly paths: readonly (readonly string[])[]
  /** At most this many decisions, chosen by the hash of their ids. */
  readonly most: number
}

export interface RecordedValues {
  readonly decisions: number
  /** One row per chosen decision, in the order of the paths; null when the path has no value. */
  readonly rows: readonly (readonly unknown[])[]
}

/** Labelled decisions of one arm in [from, to), epoch ms of event time, on days that are mature as of the look. */
export interface MaturedQuery
  extends Pick<CohortQuery, 'project' | 'workflowId' | 'asOf' | 'labelHorizonMs' | 'source' | 'cut'> {
  readonly arm: Arm
  readonly from: number
  readonly to: number
}

export interface MaturedDecision extends Pick<OutcomeRow, 'label' | 'loss'> {
  /** Epoch ms of event time. */
  readonly at: number
  readonly output: Readonly<Record<string, number>>
  readonly action: string
}

export interface CohortCounts extends Omit<Cohort, 'expectedShare'> {
  /** Mean weight in force when these decisions were made, in basis points; null when it was not recorded. */
  readonly weight: number | null
}

/** The decisions of two arms on some days, for sums over what an entity did on all of them. */
export interface EntityQuery extends CohortQuery {
  readonly challenger: Arm
  readonly reference: Arm
  /** UTC days, both included. */
  readonly firstDay: string
  readonly lastDay: string
}

/** The same for each of these segments, and for `unknown`. */
export interface SegmentQuery extends EntityQuery {
  readonly names: readonly string[]
}

/** One segment on the mature days with labels in both arms; without a `lossBound` on those that are at most 4:1. */
export interface SegmentDays {
  readonly name: string
  readonly cohorts: readonly (Pick<Cohort, 'day' | 'arm' | 'labelled' | 'lossSum' | 'lossSumSquares'> & {
    readonly clusterSquares: number
  })[]
  /** As `clusters.effect` of the evidence, or `clusters.balanced` without a `lossBound`. */
  readonly byEntity: number
}

/** What `slipway.evidence/2` adds to the cohorts (docs/decisions/160). */
export interface EntitySums {
  readonly cohorts: readonly (Pick<Cohort, 'day' | 'arm'> &
    Required<Pick<Cohort, 'entities' | 'newEntities' | 'clusterSquares'>>)[]
  readonly clusters: NonNullable<Evidence['clusters']>
}

/** Decisions of production and the candidate's decisions in its shadow, on the same requests. */
export interface PairedQuery extends CohortQuery {
  readonly candidate: string
  readonly reference: string
  /** UTC days, both included. */
  readonly firstDay: string
  readonly lastDay: string
  /** Loss of a decision that the candidate failed to score; null: it has none. */
  readonly failureLoss: number | null
}

/** Decisions, and the evidence computed from decisions and outcomes. */
export interface EvidenceArea {
  /** Existing rows are not changed. @returns how many were new */
  recordDecisions(project: string, rows: readonly DecisionRow[]): Promise<number>
  recordOutcomes(project: string, rows: readonly OutcomeRow[]): Promise<number>
  /**
   * The log of the decision service, one call per batch.
   * @returns the stored decisions of the ids that are not fresh
   */
  logDecisions(project: string, rows: readonly DecisionRow[]): Promise<StoredDecision[]>
  /** Without waiting for the disk: the last of them are lost if the database server crashes. For a shadow only. */
  logShadowDecisions(project: string, rows: readonly DecisionRow[]): Promise<void>
  /** Searches all projects when none is given: an id is unique within its project. */
  findDecisions(decisionId: string, project?: string): Promise<DecisionRecord[]>
  decisionsById(project: string, ids: readonly string[]): Promise<DecisionRecord[]>
  /** Epoch ms of the newest replayed decision's event; null when there is none. */
  latestDecision(project: string, workflowId: string): Promise<number | null>
  /** The live decision of a run, or of one of its arms, with the newest event; null when there is none. */
  latestLiveDecision(
    project: string,
    workflowId: string,
    arm?: Arm,
  ): Promise<{ decisionId: string; eventAt: number } | null>
  /** Identifies the rows that exist now: a later query with this text as `cut` reads the same rows. */
  databaseSnapshot(): Promise<string>

  /** One row per event day (UTC) and arm, in that order. Labels later than asOf or the horizon are not included. */
  cohorts(query: CohortQuery): Promise<CohortCounts[]>
  /** Of the newest 10,000 shadow decisions when there are more. */
  shadowNumbers(query: ShadowQuery): Promise<Omit<ShadowNumbers, 'mature'>>
  entitySums(query: EntityQuery): Promise<EntitySums>
  /** Segments with labelled decisions, in order of their names. */
  segmentDays(query: SegmentQuery): Promise<SegmentDays[]>
  pairedSums(query: PairedQuery): Promise<Paired>
  recordedValues(query: RecordedValuesQuery): Promise<RecordedValues>
  /** With the label that a look uses, in event order; the newest 50,000 when there are more. */
  maturedDecisions(query: MaturedQuery): Promise<MaturedDecision[]>
}
