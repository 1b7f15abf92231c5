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

/** A version of a label that replaced another one. */
export interface CorrectedLabel extends OutcomeRow {
  /** The run of its decision; null outside a run. */
  readonly workflowId: string | null
  /** Epoch ms of wall time. */
  readonly writtenAt: number
  /** What it replaced; null when that is no longer stored. */
  readonly previous: Pick<OutcomeRow, 'label' | 'loss' | 'observedAt'> | null
}

/** A label that arrived before its decision. */
export interface EarlyLabel extends NewLabel {
  /** Epoch ms of wall time. */
  readonly writtenAt: number
  /** Null as long as no decision with this id has arrived. */
  readonly decision: { readonly workflowId: string | null; readonly day: string } | null
}

/** Where a page begins, as the one before says in `next`; null for the newest. */
export interface PageOfLabels {
  readonly before: string | null
  readonly most: number
}
