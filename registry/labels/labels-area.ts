import type { CorrectionCounts, CorrectionQuery } from '../evidence/evidence-area.js'
import type { LabelledDecision, LabelResult, NewLabel, OutcomeRecord } from './label-types.js'

/** Labels of decisions: their versions, those that came early, and corrections. */
export interface LabelsArea {
  /** All versions of a decision's label, oldest first. */
  outcomesOf(project: string, decisionId: string): Promise<OutcomeRecord[]>
  /** Gives each label its version; one that was delivered before is a duplicate. In the order given. */
  add(project: string, labels: readonly LabelledDecision[]): Promise<LabelResult[]>
  /** Keeps labels of unknown decisions aside. */
  setAside(project: string, labels: readonly NewLabel[]): Promise<void>
  /** Labels kept aside for these decisions, or for any decision that is there by now. */
  early(project: string, ids?: readonly string[]): Promise<NewLabel[]>
  /** How many decisions labels were kept aside for, and of how many the decision never turned up. */
  earlyCounts(project: string): Promise<{ kept: number; unknown: number }>

  /** Arms without a correction are not in it. */
  corrections(query: CorrectionQuery): Promise<CorrectionCounts[]>
  /** Runs of which a label was replaced by a version written at or after an instant (ISO); whenever it was, with null. */
  correctedRuns(since: string | null): Promise<{ project: string; workflowId: string }[]>
}
