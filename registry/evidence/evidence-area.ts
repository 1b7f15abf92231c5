import type { Arm } from '../../contracts/names.js'
import type { Cohort, JudgePolicy } from '../../contracts/types.js'
import type { OutcomeRow } from '../labels/label-types.js'
import type { DecisionRecord, DecisionRow, StoredDecision } from './decision-types.js'

/** Which labels of a run a look had used, and until when to look for others. */
export interface CorrectionQuery extends Pick<CohortQuery, 'project' | 'asOf' | 'labelHorizonMs' | 'source' | 'cut'> {
  readonly workflowId: string
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
  /** Of any run, and of none, when absent. */
  readonly workflowId?: string
  /** Decisions of this release alone. */
  readonly releaseId?: string
  /** Epoch ms of event time: decisions from then on; for live ones only, which are written when they happen. */
  readonly from?: number
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

/** Values at places in live decisions of the arm `production`. */
export interface RecordedValuesQuery {
  readonly project: string
  /** Epoch ms of event time, [from, to). */
  readonly from: number
  readonly to: number
  /** As in `['input', 'distance']`. */
  readonly paths: readonly (readonly string[])[]
  /** At most this many decisions, chosen by the hash of their ids. */
  readonly most: number
}

export interface RecordedValues {
  readonly decisions: number
  /** One row a chosen decision, in the order of the paths; null where nothing was recorded there. */
  readonly rows: readonly (readonly unknown[])[]
}

/** Labelled decisions of one arm in [from, to), epoch ms of event time: of days that are mature as of the look. */
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
  /** Mean weight in force when these decisions were made, in basis points; null where it was not recorded. */
  readonly weight: number | null
}

/** Decisions, and what is computed from decisions and outcomes. */
export interface EvidenceArea {
  /** Rows already there are left as they are. @returns how many were new */
  recordDecisions(project: string, rows: readonly DecisionRow[]): Promise<number>
  recordOutcomes(project: string, rows: readonly OutcomeRow[]): Promise<number>
  /** The service's log: one call a batch. @returns what stands under the ids that are not fresh */
  logDecisions(project: string, rows: readonly DecisionRow[]): Promise<StoredDecision[]>
  /** In all projects: an id is unique in its own. */
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
  /** Names the rows that are there now: a later query by this name sees the same rows. */
  databaseSnapshot(): Promise<string>

  /** One row per event day (UTC) and arm, in that order; labels that came later than asOf or the horizon are not in it. */
  cohorts(query: CohortQuery): Promise<CohortCounts[]>
  recordedValues(query: RecordedValuesQuery): Promise<RecordedValues>
  /** With the label that a look goes by, in event order; the newest 50,000 where there are more. */
  maturedDecisions(query: MaturedQuery): Promise<MaturedDecision[]>
}
