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
  retried: number
  /** Events this client was too far behind to ask about: no decision may stand on a day that is not its own. */
  skipped: number
}
