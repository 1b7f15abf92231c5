import type { CancellationScope } from '@temporalio/workflow'
import type { NotCounted } from '../contracts/activities.js'
import type { CanaryProgress, CarriedRun } from '../contracts/continued-release.js'
import type { ExposurePhase } from '../contracts/exposure.js'
import type { AnsweredAction, OperatorAnswer, ReceivedAction } from '../contracts/messages.js'
import type { Stage } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { StageEnd } from './stage-end.js'

/** Undoes something that was, or may have been, done. Registered before the call it undoes. */
export type Compensation = (reason: string) => Promise<void>

/** The first entry of a release in the ledger. */
export interface TriggerRecord {
  /** It is there, or could not be recorded. */
  over: boolean
  /** Resolves then. Never rejects. */
  readonly untilOver: Promise<void>
  readonly end: () => void
}

/** An operator action that was answered. */
export interface Unrecorded {
  readonly action: AnsweredAction
  /** Set when it was recorded together with an earlier one: why it could not be recorded or does not count, or null. */
  problem?: string | NotCounted | null
}

/** One that may be an earlier one, sent again. */
export interface Unanswered {
  readonly action: ReceivedAction
  /** Why it is refused without being read; null when it was read. */
  readonly problem: string | null
  /** Where a caller waits for the answer. */
  readonly answered?: (answer: OperatorAnswer) => void
}

type Changeable<Whole> = { -readonly [Key in keyof Whole]: Whole[Key] }

/** The wait of a canary or a probation. Instants are epoch ms of event time. */
export interface Watched {
  readonly phase: ExposurePhase
  readonly opened: number
  deadline: number
  readonly timer: CancellationScope
  /** Set when no look came: ends the phase. */
  end: StageEnd | null
}

/** The state of one release while it runs. Stages read and write it, and share nothing else. */
export interface ReleaseRun extends Changeable<Omit<CarriedRun, 'state' | 'requests' | 'canary'>> {
  readonly input: ReleaseInput
  readonly workflowId: string
  readonly state: Changeable<CarriedRun['state']>
  readonly requests: Changeable<CarriedRun['requests']>
  canary: Changeable<CanaryProgress> | null
  /** The stage in which an earlier Temporal run of this release stopped; null in the first, and once it was reached. */
  resumes: Stage | null
  readonly compensations: Compensation[]
  /** Resolves when the last operator action is recorded or could not be recorded. Never rejects. */
  recorded: Promise<unknown>
  readonly trigger: TriggerRecord
  /** Answered and in force, in this order; those that the ledger may not have yet. */
  readonly unrecorded: Unrecorded[]
  /** Ids of promotions that were accepted, and refused when they were recorded. */
  readonly notCounted: Set<string>
  /** Not in force yet: each may be an earlier one that was sent again. */
  readonly unanswered: Unanswered[]
  /** They are being looked up. */
  answering: boolean
  /** Received by this Temporal run, of which the server takes only so many. */
  readonly received: { signals: number; updates: number }
  /** This Temporal run ends as soon as nothing is under way: `calls` counts the calls about operator actions. */
  readonly continuing: { begun: boolean; calls: number }
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
