/** What a sequence remembers of what it did: nothing here is computed as the workflow computes it. */
import type { OperatorAnswer } from '../../contracts/messages.js'
import type { OperatorActionName } from '../../contracts/names.js'
import type { ReleaseInput } from '../../contracts/types.js'

export const CANDIDATES = ['good', 'useless', 'harmful', 'undecided', 'certain', 'crash', 'bad_data'] as const
export type Candidate = (typeof CANDIDATES)[number]

/** Verdicts each candidate may end with, besides `aborted`; one that may not be exposed may end with nothing else. */
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

/** Something that was said to a run. */
export interface ReceivedAction {
  readonly workflowId: string
  readonly action: OperatorActionName
  /** Null where the note held none. */
  readonly id: string | null
  /** Null for a signal: nobody is told. */
  readonly answer: OperatorAnswer | null
}

export interface Decided {
  readonly decisionId: string
  readonly label: number
  labelled: boolean
}

export interface Model {
  readonly runs: RunModel[]
  readonly words: ReceivedAction[]
  /** Runs that were cancelled in Temporal while they waited for something. */
  readonly cancelled: Set<string>
  readonly decided: Decided[]
  /** Actor and reason of every rollback by hand that was answered with done. */
  readonly rollbacks: { readonly by: string; readonly reason: string }[]
  /** Keys of those moves that nobody told the runs of. */
  readonly untold: Set<string>
  /** How many questions were asked: entity keys and ids are made from it. */
  asked: number
}

export const emptyModel = (): Model => ({
  runs: [],
  words: [],
  cancelled: new Set(),
  decided: [],
  rollbacks: [],
  untold: new Set(),
  asked: 0,
})

/** A number that means one of what there is at the time. */
export const pick = <Item>(items: readonly Item[], number: number): Item | undefined => items[number % items.length]
