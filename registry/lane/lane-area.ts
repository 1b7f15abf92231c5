/** Who has the canary lane of a project, and who waits for it, first come first. Workflow ids. */
export interface Lane {
  readonly holder: string | null
  readonly queue: readonly string[]
}

export interface LaneRequest {
  readonly project: string
  readonly workflowId: string
  readonly candidate: string
  /** What the candidate was judged against offline. */
  readonly production: string
  /** Digest of the evaluation that permits the canary. */
  readonly evaluation: string
  /** How often the canary was opened before, and closed because production changed: 0 when absent. */
  readonly opening?: number
}

export interface LaneTaken {
  readonly outcome: 'open' | 'busy' | 'production_changed'
  /** Busy: who is before this run. */
  readonly holder: string | null
}

/** The canary lane of a project: one release at a time. */
export interface LaneArea {
  current(project: string): Promise<Lane>
  /** Takes a place in the lane's queue, and the lane when it is this run's turn: then the alias canary is moved with it. */
  take(request: LaneRequest): Promise<LaneTaken>
}
