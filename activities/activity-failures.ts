import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common'
import { boundedText, LONGEST_MESSAGE } from '../contracts/bounded-text.js'
import { FAILURES, SlipwayError } from '../contracts/failure.js'
import { countWork } from './worker-metrics.js'

/** Wraps every activity: turns Slipway's failures into Temporal's, so that retries follow the one table of failures. */
export function atEdge<Functions extends object>(activities: Functions): Functions {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (run as (...all: unknown[]) => Promise<unknown>)(...args)
      } catch (error) {
        const failure = toFailure(error)
        countFailure(failure)
        throw failure
      }
    },
  ])
  return Object.fromEntries(wrapped) as Functions
}

/** A cancellation is no failure, and "not yet" is how a canary waits. */
function countFailure(failure: unknown): void {
  if (failure instanceof CancelledFailure) return
  if (!(failure instanceof ApplicationFailure)) countWork('failedAttempts', { cause: 'Unexpected' })
  else if (failure.category !== ApplicationFailureCategory.BENIGN)
    countWork('failedAttempts', { cause: failure.type ?? 'Unexpected' })
}

function toFailure(error: unknown): unknown {
  boundTexts(error)
  if (!(error instanceof SlipwayError)) return error
  const { retryable, advice } = FAILURES[error.type]
  return ApplicationFailure.create({
    type: error.type,
    message: `${error.message} (${advice})`,
    nonRetryable: !retryable,
    cause: error,
  })
}

/** Also of errors that are not Slipway's, with their causes: Temporal sends all of them, each with its stack. */
function boundTexts(error: unknown): void {
  for (let at = error; at instanceof Error; at = at.cause) {
    for (const name of ['message', 'stack'] as const) {
      const text = at[name]
      if (text === undefined || text.length <= LONGEST_MESSAGE) continue
      // Not assigned: some libraries define them as read-only.
      Reflect.defineProperty(at, name, { value: boundedText(text), configurable: true, writable: true })
    }
  }
}

/**
 * "Not yet": Temporal retries the activity after `wallMs`, without using a worker slot or adding to the history until
 * then.
 */
export function notYet(waitingFor: string, wallMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'NotYet',
    message: waitingFor,
    nextRetryDelay: Math.max(50, Math.ceil(wallMs)),
    category: ApplicationFailureCategory.BENIGN,
  })
}
