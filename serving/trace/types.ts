/** One link of the way from a decision to its evidence. */
export interface TraceLink {
  readonly name:
    | 'decision'
    | 'split'
    | 'alias'
    | 'release'
    | 'artifact'
    | 'output'
    | 'gates'
    | 'judgement'
    | 'snapshot'
    | 'training_run'
    | 'workflow_run'
    | 'outcome'
  /**
   * `intact`: there, and every digest recomputed. `broken`: not what was recorded, or gone. `absent`: there never was one, and says why.
   * `dropped`: removed by policy, with its digest on record. `unchecked`: there, but not recomputed, and says why.
   */
  readonly status: 'intact' | 'broken' | 'absent' | 'dropped' | 'unchecked'
  /** One sentence for people. */
  readonly says: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface Trace {
  readonly decisionId: string
  readonly project: string
  /** No link is broken. */
  readonly intact: boolean
  readonly links: readonly TraceLink[]
}
