import { boundedText } from './bounded-text.js'

/**
 * Every way a step can fail: whether a retry can help, and the advice for the operator.
 * Activities throw `ApplicationFailure` with one of these types; workflows decide by the type's string.
 */
export const FAILURES = {
  BadData: { retryable: false, advice: 'fix the data and start again' },
  BadRequest: { retryable: false, advice: 'correct the request and send it again' },
  TrainerFailed: {
    retryable: true,
    advice: 'read the trainer output in the release, fix the trainer and start a new release',
  },
  TrainerMisbehaved: {
    retryable: false,
    advice: 'read the trainer output in the release, fix the trainer or raise the limit, and start a new release',
  },
  BadArtifact: { retryable: false, advice: 'read which sample fails, fix the trainer and start a new release' },
  ArtifactMismatch: {
    retryable: false,
    advice: 'run slipway registry verify; the bytes are not those that were registered',
  },
  AliasMoved: {
    retryable: false,
    advice: 'production was moved meanwhile; start a new release, which is compared with it',
  },
  Breached: {
    retryable: false,
    advice: 'nothing to do: production was not moved, and the next look judges the breach',
  },
  JudgeFailed: {
    retryable: false,
    advice: 'correct the evidence that the message names and start a new release; nothing was decided',
  },
  NotYet: { retryable: true, advice: 'nothing to do: evidence is still arriving' },
  Unavailable: { retryable: true, advice: 'run slipway doctor' },
} as const

export type FailureType = keyof typeof FAILURES

/** A failure of a known type: a worker turns it into an ApplicationFailure, the CLI into one line. */
export class SlipwayError extends Error {
  constructor(
    readonly type: FailureType,
    message: string,
    options?: ErrorOptions,
  ) {
    super(boundedText(message), options)
    this.name = 'SlipwayError'
  }
}
