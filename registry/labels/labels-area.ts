import type { CorrectionCounts, CorrectionQuery } from '../evidence/evidence-area.js'
import type {
  CorrectedLabel,
  EarlyLabel,
  LabelledDecision,
  LabelResult,
  NewLabel,
  OutcomeRecord,
  PageOfLabels,
} from './label-types.js'

/** Labels of decisions: their versions, labels of unknown decisions, and corrections. */
export interface LabelsArea {
  /** All versions of a decision's label, oldest first. */
  outcomesOf(project: string, decisionId: string): Promise<OutcomeRecord[]>
  /** All versions of the labels of these decisions, the oldest first. */
  labelsOf(project: string, ids: readonly string[]): Promise<NewLabel[]>
  /** Assigns each label its version; a label that was delivered before is a duplicate. Results in the order given. */
  add(project: string, labels: readonly LabelledDecision[]): Promise<LabelResult[]>
  /** Keeps labels of unknown decisions until their decision arrives. */
  setAside(project: string, labels: readonly NewLabel[]): Promise<void>
  /** Kept labels of these decisions, or of any decision, whose decision has arrived. */
  early(project: string, ids?: readonly string[]): Promise<NewLabel[]>
  /** How many decisions have kept labels, and how many of these decisions never arrived. */
  earlyCounts(project: string): Promise<{ kept: number; unknown: number }>

  /** Without arms that have no correction. */
  corrections(query: CorrectionQuery): Promise<CorrectionCounts[]>
  /** Runs with a label that was replaced by a version written at or after an instant (ISO); at any time with null. */
  correctedRuns(since: string | null): Promise<{ project: string; workflowId: string }[]>
  /** The time (ISO, of the database), and up to when workers have recorded corrections; null before the first pass. */
  correctionTimes(): Promise<{ readonly now: string; readonly recordedThrough: string | null }>
  /** Never goes back. */
  recordedCorrections(through: string): Promise<void>

  /** A page of corrections, the newest first. What it reads is bounded: some days and rows, not all that are stored. */
  newestCorrections(project: string, page: PageOfLabels): Promise<NewestCorrections>
  /** The same for labels that arrived before their decision. */
  newestEarly(project: string, page: PageOfLabels): Promise<NewestEarly>
}

export interface NewestCorrections {
  /** The oldest day of writing that was searched. */
  readonly from: string
  /** Of this project, among those that were read. */
  readonly count: number
  /** Whether all corrections since that day were read. */
  readonly complete: boolean
  readonly labels: readonly CorrectedLabel[]
  /** Where the next page begins; null when there is none. */
  readonly next: string | null
}

export interface NewestEarly {
  /** How many were read, and how many of them have no decision. */
  readonly counted: number
  readonly unjoined: number
  /** Whether these are all that are left. */
  readonly complete: boolean
  readonly labels: readonly EarlyLabel[]
  readonly next: string | null
}
