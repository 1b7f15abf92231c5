import { ActivityFailure, ApplicationFailure, ContinueAsNew, isCancellation } from '@temporalio/workflow'
import { errorText } from '../contracts/error-text.js'
import type { VerdictName } from '../contracts/names.js'
import { recordable } from '../contracts/recordable-text.js'

/** A stage ended the release. Thrown inside the workflow, caught by `release`, never by the SDK. */
export class StageEnd extends Error {
  /** The machine-readable reason: `hold:cost_improves`, `harm`, `breach:…`. */
  readonly reason: string
  /** The same as a sentence for people. */
  readonly detail: string

  /**
   * Reason and detail may quote a trainer's output or a user's data: characters that cannot be recorded are replaced.
   */
  constructor(
    readonly verdict: VerdictName,
    reason: string,
    detail: string,
  ) {
    super(`${verdict}: ${reason}`)
    this.reason = recordable(reason)
    this.detail = recordable(detail)
  }
}

/**
 * The end that an error in a stage means for the release: bad data is held, an unexpected error is failed.
 * @throws ContinueAsNew, which is no end: the release continues as another Temporal run
 */
export function endOf(error: unknown): StageEnd {
  if (error instanceof ContinueAsNew) throw error
  if (error instanceof StageEnd) return error
  if (isCancellation(error)) {
    return new StageEnd('aborted', 'cancelled', 'The workflow was cancelled in Temporal.')
  }
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error
  const message = errorText(cause)
  if (!(cause instanceof ApplicationFailure)) return new StageEnd('failed', 'error', message)
  switch (cause.type) {
    case 'BadData':
      return new StageEnd('held', 'hold:schema_valid', message)
    case 'BadArtifact':
      return new StageEnd('held', 'hold:artifact_scores', message)
    case 'TrainerFailed':
    case 'TrainerMisbehaved':
      return new StageEnd('failed', 'trainer_failed', message)
    case 'ArtifactMismatch':
      return new StageEnd('failed', 'artifact_mismatch', message)
    default:
      return new StageEnd('failed', cause.type ?? 'error', message)
  }
}
