/** One link from a decision to its evidence. */
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
   * `intact`: found, with every digest recomputed. `broken`: differs from the record, or missing. `absent`: never
   * existed, with the reason. `dropped`: removed by policy, with its digest on record. `unchecked`: found, but not
   * recomputed, with the reason.
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
