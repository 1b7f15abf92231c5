/** Messages a release understands (docs/architecture.md, Temporal). Zod-free; whoever sends one parses it first. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { OperatorActionName, Stage, VerdictName } from './names.js'
import type { OperatorAction } from './types.js'

/** What an operator sends with a signal, from the Web UI as small JSON: `{"by":"ana","reason":"storm"}`. */
export interface OperatorNote {
  readonly by: string
  readonly reason: string
  /** Makes the action idempotent; without one each signal is an action of its own. */
  readonly id?: string
  /** With `promote`: an approval, refused unless the release awaits one. */
  readonly approves?: true | undefined
  /** Signature of the decision service, which has checked whose name `by` is. */
  readonly proof?: string | undefined
}

/**
 * Anything that was signalled to a release: operator actions, `supersede` by a newer candidate, and unknown signal
 * names.
 */
export interface ReceivedAction extends Omit<OperatorAction, 'action'> {
  readonly action: string
}

/** Sent with the id of an earlier action of another name, it is another action. */
export const idOfAnother = ({ id, action }: Pick<ReceivedAction, 'id' | 'action'>): string => `${id}:${action}`

export interface OperatorAnswer {
  readonly accepted: boolean
  /** What happened, or why the action was refused. */
  readonly message: string
}

export type AnsweredAction = ReceivedAction & OperatorAnswer

export interface ReleaseState {
  readonly stage: Stage
  readonly verdict: VerdictName | null
  readonly reason: string | null
  readonly releaseId: string | null
  /** The release production pointed at when this candidate was judged. */
  readonly production: string | null
  /** For people: what it does or waits for. */
  readonly waitingFor: string
  /** ISO event time at which an undecided canary is held; null outside the canary. */
  readonly deadline: string | null
  readonly canaryStep: number | null
  /** The candidate is in the shadow: its first step has not begun. */
  readonly shadow?: boolean
  readonly paused: boolean
  /** The judge permits promotion, and the policy requires a person's approval. */
  readonly awaitingApproval: boolean
  readonly extensions: number
  /** The newest ones; the ledger has all of them. */
  readonly actions: readonly AnsweredAction[]
}

export const operatorSignals = {
  promote: defineSignal<[OperatorNote]>('promote'),
  abort: defineSignal<[OperatorNote]>('abort'),
  pause: defineSignal<[OperatorNote]>('pause'),
  resume: defineSignal<[OperatorNote]>('resume'),
  extend: defineSignal<[OperatorNote]>('extend'),
} satisfies Record<OperatorActionName, ReturnType<typeof defineSignal<[OperatorNote]>>>

/**
 * From a newer candidate: aborts a canary; in probation it ends that early and keeps the promotion. `by` is its
 * workflow id.
 */
export const supersedeSignal = defineSignal<[OperatorNote]>('supersede')

/** What a monitor says about the breaches that it stored. Earlier monitors sent nothing. */
export interface BreachNote {
  /** The greatest among them. */
  readonly power: 'pause' | 'rollback'
}

/** From a monitor that stored a breach: look now. A lost signal costs delay, never the rollback. */
export const breachSignal = defineSignal<[BreachNote?]>('breach')

/** Sent after production was moved by hand: look now. A lost signal only costs delay. */
export const productionMovedSignal = defineSignal('productionMoved')

/** Type of the failure of an update that a release refuses because it continues as another Temporal run just now. */
export const CONTINUES = 'ContinuesAsAnotherRun'

export const operateUpdate = defineUpdate<OperatorAnswer, [OperatorAction]>('operate')
export const stateQuery = defineQuery<ReleaseState>('state')
