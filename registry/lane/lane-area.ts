/** Workflow ids of the run that holds the canary lane of a project, and of those that wait, in order of arrival. */
export interface Lane {
  readonly holder: string | null
  readonly queue: readonly string[]
}

export interface LaneRequest {
  readonly project: string
  readonly workflowId: string
  readonly candidate: string
  /** The production release that the candidate was compared with offline. */
  readonly production: string
  /** Digest of the evaluation that permits the canary. */
  readonly evaluation: string
  /** How often the canary was opened before and closed because production changed; 0 when absent. */
  readonly opening?: number
}

export interface LaneTaken {
  readonly outcome: 'open' | 'busy' | 'production_changed'
  /** When busy: the run that is ahead of this one. */
  readonly holder: string | null
}

/** The canary lane of a project: one release at a time. */
export interface LaneArea {
  current(project: string): Promise<Lane>
  /** Joins the lane's queue, and takes the lane when it is this run's turn: then it also moves the alias `canary`. */
  take(request: LaneRequest): Promise<LaneTaken>
}
