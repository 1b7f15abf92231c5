import type { Arm } from '../../contracts/names.js'

/** A replayed event, a live request, or a live request whose arm an operator forced. */
export type DecisionSource = 'replay' | 'live' | 'forced'

export interface DecisionRow {
  readonly decisionId: string
  /** The release run during which it was made; empty when there was none. */
  readonly workflowId: string
  readonly releaseId: string
  readonly arm: Arm
  readonly entityHash: string
  /** Epoch ms of event time. */
  readonly eventAt: number
  readonly output: Readonly<Record<string, unknown>>
  readonly action: string
  /** Loss that the release itself expects of this decision, in the project's unit; absent when it makes no estimate. */
  readonly expectedLoss?: number | null
  /** `replay` when absent. */
  readonly source?: DecisionSource
  /** The input of the request, when it is small enough to be kept. */
  readonly input?: unknown
  readonly inputDigest?: string
  /** Bucket of the entity and the weight in force, both in basis points. */
  readonly split?: { readonly bucket: number; readonly weight: number }
  /** The segments of the run's policy to which the input belongs; absent when the policy has none. */
  readonly segments?: readonly string[]
  /** The registry was unavailable, and the last known aliases were used. */
  readonly stale?: boolean
  /**
   * The release of this arm could not score the input, `releaseId` answered instead, and the decision has this loss.
   */
  readonly failureLoss?: number
  /** The id was generated here and cannot have been written before. */
  readonly fresh?: boolean
}

/** The logged decision for an id that a caller chose; the earlier one when the id was used before. */
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
