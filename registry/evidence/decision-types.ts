import type { Arm } from '../../contracts/names.js'

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
