/**
 * What a release takes along when it continues as another Temporal run: the optional second argument of its workflow.
 * Later builds read what earlier ones wrote, so new fields are optional. Zod-free: workflow code imports this file.
 */
import type { BreachesRead } from './activities.js'
import type { ReleaseClock } from './clock.js'
import type { AnsweredAction, ReceivedAction, ReleaseState } from './messages.js'

interface Request {
  readonly by: string
  readonly reason: string
  /** Of the action; earlier builds wrote none. */
  readonly id?: string
}

/** How far a canary is. Instants are epoch ms of event time. */
export interface CanaryProgress {
  readonly opened: number
  readonly step: number
  readonly stepBegan: number
  /** Looks up to this instant have been acted on. */
  readonly looksAfter: number
  /** Of the look at that instant; absent before the first one, and from earlier builds. */
  readonly actedOn?: BreachesRead | undefined
  /** Until then a person may answer, whatever the deadline is. */
  readonly approvalUntil: number
  /** Extensions that its shadow used; absent: none. */
  readonly inShadow?: number
}

/** How far a shadow is. Instants are epoch ms of event time. */
export interface ShadowProgress {
  readonly opened: number
  readonly looksAfter: number
  readonly actedOn?: BreachesRead | undefined
}

/** Permission to promote. */
export interface Judged {
  readonly reason: string
  readonly judgement: string | null
  readonly actor: string
  /** Ledger position of the last breach that was stored when its look read them; earlier builds wrote none. */
  readonly breachesRead?: number | undefined
}

export interface ProbationProgress {
  /** Epoch ms of event time. */
  readonly opened: number
  readonly judged: Judged
}

/** The part of a run that is data. */
export interface CarriedRun {
  /** From the input; a compressed release starts it again when its canary opens. */
  readonly clock: ReleaseClock
  /** The stage in which the next Temporal run continues is the state's. */
  readonly state: ReleaseState
  /** Set by operators, read by stages. */
  readonly requests: {
    readonly abort: (Request & { readonly as: 'operator_abort' | 'superseded' }) | null
    readonly promote: Request | null
    /** By a newer candidate, after the alias has moved: the probation ends, the promotion stays. */
    readonly endProbation: Request | null
  }
  /** Epoch ms of the last resume by a person. */
  readonly resumedAt: number | null
  /** Id of the action by which it was resumed then. */
  readonly resumedBy: string | null
  readonly snapshot: string | null
  /** How often a training was begun. */
  readonly trainings: number
  readonly evaluation: string | null
  readonly evaluations: number
  /** How often its canary was opened and closed again because production changed. */
  readonly openings: number
  /** How often a person's approval was requested. */
  readonly approvals: number
  readonly shadow: ShadowProgress | null
  readonly canary: CanaryProgress | null
  readonly probation: ProbationProgress | null
  /** Actions that `state` no longer has and the ledger has. */
  readonly earlier: number
}

export interface ContinuedRelease extends Pick<CarriedRun, 'state'>, Partial<Omit<CarriedRun, 'state'>> {
  /** It has, or waits for, the lane: any other end than a promotion closes its canary. */
  readonly lane?: boolean
  /** Answered and in force; the ledger may not have them yet. */
  readonly unrecorded?: readonly AnsweredAction[]
  /** Not in force yet. */
  readonly unanswered?: readonly { readonly action: ReceivedAction; readonly problem: string | null }[]
}
