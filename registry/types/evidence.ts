import type { Arm } from '../../contracts/names.js'
import type { Cohort, JudgePolicy } from '../../contracts/types.js'

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
