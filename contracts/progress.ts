import type { ReleaseClock } from './clock.js'
import type { ExposurePhase } from './exposure.js'

export interface ProgressRequest {
  readonly project: string
  readonly workflowId: string
  readonly phase: ExposurePhase
  readonly opening: number
  /** The clock as the run knows it. */
  readonly clock: ReleaseClock
}

/** How far the looks of a canary or a probation are. */
export interface Reading {
  /** The clock in force. */
  readonly clock: ReleaseClock
  /** Epoch ms of event time; null before the first. */
  readonly newestLook: number | null
}
