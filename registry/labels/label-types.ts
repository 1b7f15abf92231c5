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
