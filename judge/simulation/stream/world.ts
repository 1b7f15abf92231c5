/** What a simulated stream is like. */

export type LossShape =
  /** A decision is wrong and costs `cost`, or costs nothing. */
  | { readonly kind: 'binary' }
  /** Log-normal with this σ, scaled to the same mean. */
  | { readonly kind: 'lognormal'; readonly sigma: number }
  /** Pareto with this index, above 1, scaled to the same mean. */
  | { readonly kind: 'pareto'; readonly index: number }
  /** Binary, and beside it this share of the decisions costs `times` as much as a wrong one, in both arms. */
  | { readonly kind: 'disasters'; readonly share: number; readonly times: number }

/** A part of the entities. */
export interface WorldSegment {
  readonly name: string
  /** Share of the traffic. */
  readonly share: number
  /** Relative effect of the candidate here, beside its effect on all decisions. */
  readonly effect: number
}

export interface World {
  /** Decisions a day, both arms together. */
  readonly traffic: number
  /** Mean loss of production's decisions ÷ cost, by day counted from the first exposed one. */
  readonly rate: (day: number) => number
  /** Relative effect of the candidate: 0.1 makes the canary a tenth worse. */
  readonly effect: number
  /** Loss of a wrong decision, in the project's unit. */
  readonly cost: number
  /** Absent: binary. */
  readonly loss?: LossShape
  /** A larger loss counts as this one, as with `winsorise`. Absent: losses count as they are. */
  readonly clip?: number
  /** Absent: no entity returns. */
  readonly entities?: {
    /** Decisions of an entity in 30 days, on average. */
    readonly visits: number
    /** Correlation of two decisions of one entity. */
    readonly icc: number
    /** Activity of the entity with rank k is proportional to k^−unequal. */
    readonly unequal?: number
  }
  /**
   * The candidate's effect differs from day to day: standard deviation of its rate, and correlation with the day
   * before.
   */
  readonly days?: { readonly sd: number; readonly correlation?: number }
  /** Parts of the traffic that do not overlap. Absent: none. */
  readonly segments?: readonly WorldSegment[]
  /** Share of decisions that get a label; `costly` applies to those with a loss instead. Absent: all. */
  readonly coverage?: { readonly production: number; readonly canary: number; readonly costly?: number }
}
