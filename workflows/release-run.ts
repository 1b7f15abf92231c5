import type { CancellationScope } from '@temporalio/workflow'
import type { ReleaseClock } from '../contracts/clock.js'
import type { ExposurePhase } from '../contracts/exposure.js'
import type { ReleaseState } from '../contracts/messages.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { StageEnd } from './stage-end.js'

/** Undoes something that was, or may have been, done. Registered before the call it undoes. */
export type Compensation = (reason: string) => Promise<void>

/** The wait of a canary or a probation. Instants are epoch ms of event time. */
export interface Watched {
  readonly phase: ExposurePhase
  readonly opened: number
  deadline: number
  readonly timer: CancellationScope
  /** The wait for looks, while there is one. */
  waiting: CancellationScope | null
  /** Set when no look came: ends the phase. */
  end: StageEnd | null
}

/** The state of one release while it runs. Stages read and write it, and share nothing else. */
export interface ReleaseRun {
  readonly input: ReleaseInput
  readonly workflowId: string
  /** From the input; a compressed release starts it again when its canary opens. */
  clock: ReleaseClock
  readonly state: { -readonly [Key in keyof ReleaseState]: ReleaseState[Key] }
  readonly compensations: Compensation[]
  /** Set by operators, read by stages. */
  readonly requests: {
    abort: { by: string; reason: string; as: 'operator_abort' | 'superseded' } | null
    promote: { by: string; reason: string } | null
    /** By a newer candidate, after the alias has moved: the probation ends, the promotion stays. */
    endProbation: { by: string; reason: string } | null
  }
  /** Epoch ms of the last resume by a person. */
  resumedAt: number | null
  /** Id of the action by which it was resumed then. */
  resumedBy: string | null
  snapshot: string | null
  evaluation: string | null
  evaluations: number
  /** How often its canary was opened and closed again because production changed. */
  openings: number
  /** How often a person's approval was requested. */
  approvals: number
  /** Resolves when the last operator action is recorded or could not be recorded. Never rejects. */
  recorded: Promise<void>
  /** The deadline of the canary or probation, held by a timer. */
  watched: Watched | null
  /** The last look that a signal asked for, and whether one is due as soon as the pause between two has passed. */
  readonly wakes: { last: number; due: boolean }
  /** Cancelled when an operator action has to interrupt a waiting stage. */
  interruptible: CancellationScope | null
}

export interface ReleaseResult {
  project: string
  releaseId: string | null
  verdict: string
  reason: string
  detail: string
}
