import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import { FAILURES, SlipwayError } from '../contracts/failure.js'

/** Wraps every activity: turns Slipway's failures into Temporal's, so that retries follow the one table of failures. */
export function atEdge<Functions extends object>(activities: Functions): Functions {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (run as (...all: unknown[]) => Promise<unknown>)(...args)
      } catch (error) {
        throw toFailure(error)
      }
    },
  ])
  return Object.fromEntries(wrapped) as Functions
}

function toFailure(error: unknown): unknown {
  if (!(error instanceof SlipwayError)) return error
  const { retryable, advice } = FAILURES[error.type]
  return ApplicationFailure.create({
    type: error.type,
    message: `${error.message} (${advice})`,
    nonRetryable: !retryable,
    cause: error,
  })
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
