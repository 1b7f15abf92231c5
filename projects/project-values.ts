/** Values of single decisions: what a model gives, what became of it, and the events that are replayed. */

/**
 * A model's output for one input: numbers by name, e.g. `{ probability: 0.31 }`, or a score by listing. All must be
 * finite.
 */
export type Output = Readonly<Record<string, number>>

/**
 * The outcome of a decision: a number, e.g. 1 for late, or several by name, e.g. the gain of each listing of a slate.
 */
export type Label = number | Readonly<Record<string, number>>

/** One past event that a decision can be made about. Instants are epoch ms of event time. */
export interface ReplayEvent<Input = unknown> {
  /** Unique in the project. It is part of the decision id; a long one is replaced there by its digest. */
  readonly id: string
  /**
   * An entity always gets the same arm. It is the unit of randomisation, so entities should be independent of each
   * other.
   */
  readonly entityKey: string
  /** When the decision is made. */
  readonly at: number
  readonly input: Input
  /** Null if no outcome was ever recorded. */
  readonly label: Label | null
  /** When the label became known; null without a label. */
  readonly knownAt: number | null
}

/** A loaded model. Calls may overlap and must not influence each other. */
export interface Scorer<Input = unknown> {
  /** One output an input, in the order of the inputs. */
  score(inputs: readonly Input[]): Promise<Output[]> | Output[]
}
