import type { Label } from '../projects/project.js'

/** The outcome of a decision, and the instant of event time (epoch ms) at which it became known. */
export interface Due {
  readonly decisionId: string
  readonly label: Label
  readonly knownAt: number
}

export interface TrafficCounts {
  decided: number
  readonly byArm: Record<string, number>
  labels: number
  rejected: number
  /** Decisions that the service refused; the others are sent all the same. */
  refused: number
  /** Why the first of them was refused. */
  firstRefusal?: string
  retried: number
  /**
   * Events that were not sent because the client was too far behind: a decision must be made on the day of its event.
   */
  skipped: number
}
