/**
 * Every way a step can fail: whether trying again can help, and what the operator is told to do.
 * Activities throw `ApplicationFailure` with one of these types; workflows decide by the type's string.
 */
export const FAILURES = {
  BadData: { retryable: false, advice: 'mend the data and start a new release' },
  BadRequest: { retryable: false, advice: 'correct the request and send it again' },
  TrainerFailed: { retryable: true, advice: 'read the trainer output in the release and start a new one' },
  TrainerMisbehaved: {
    retryable: false,
    advice: 'read the trainer output in the release, mend the trainer or raise the limit, and start a new one',
  },
  BadArtifact: { retryable: false, advice: 'read what the sample shows, mend the trainer and start a new release' },
  ArtifactMismatch: {
    retryable: false,
    advice: 'run slipway registry verify; the bytes are not those that were registered',
  },
  AliasMoved: { retryable: false, advice: 'production changed meanwhile; start a new release against it' },
  JudgeFailed: {
    retryable: false,
    advice: 'correct the evidence it names and start a new release; nothing was decided',
  },
  NotYet: { retryable: true, advice: 'nothing to do: evidence is still arriving' },
  Unavailable: { retryable: true, advice: 'run slipway doctor' },
} as const

export type FailureType = keyof typeof FAILURES

/** A failure on its way to an edge: the worker turns it into an ApplicationFailure, the CLI into one line. */
export class SlipwayError extends Error {
  constructor(
    readonly type: FailureType,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'SlipwayError'
  }
}
