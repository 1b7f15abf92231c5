/** What a sequence has done so far. Nothing here is computed in the way the workflow computes it. */
import type { OperatorAnswer } from '../../contracts/messages.js'
import type { OperatorActionName } from '../../contracts/names.js'
import type { ReleaseInput } from '../../contracts/types.js'

export const CANDIDATES = ['good', 'useless', 'harmful', 'undecided', 'certain', 'crash', 'bad_data'] as const
export type Candidate = (typeof CANDIDATES)[number]

/** Candidates that must not be exposed, with their only possible verdict besides `aborted`. */
export const NEVER_EXPOSED: Partial<Record<Candidate, string>> = {
  useless: 'held: hold:cost_improves',
  crash: 'failed: trainer_failed',
  bad_data: 'held: hold:schema_valid',
}

export interface RunModel {
  readonly workflowId: string
  readonly trigger: string
  readonly candidate: Candidate
  readonly live: boolean
  readonly clock: ReleaseInput['clock']
}

/** An operator action sent to a run. */
export interface ReceivedAction {
  readonly workflowId: string
  readonly action: OperatorActionName
  /** Null when the input contained none. */
  readonly id: string | null
  /** Null for a signal, which has no answer. */
  readonly answer: OperatorAnswer | null
}

export interface Decided {
  readonly decisionId: string
  readonly label: number
  labelled: boolean
}

export interface Model {
  readonly runs: RunModel[]
  readonly actions: ReceivedAction[]
  /** Runs that were cancelled in Temporal while they waited for something. */
  readonly cancelled: Set<string>
  readonly decided: Decided[]
  /** Actor and reason of every requested rollback. */
  readonly rollbacks: { readonly by: string; readonly reason: string }[]
  /** Keys of rollbacks of which open runs got no signal. */
  readonly unsignalled: Set<string>
  /** Number of live requests; entity keys and ids are made from it. */
  asked: number
}

export const emptyModel = (): Model => ({
  runs: [],
  actions: [],
  cancelled: new Set(),
  decided: [],
  rollbacks: [],
  unsignalled: new Set(),
  asked: 0,
})

/** The item that a random number selects from the items of the moment. */
export const pick = <Item>(items: readonly Item[], number: number): Item | undefined => items[number % items.length]
