/**
 * Separate retry budgets of one activity. Infrastructure that is away, and workers that stop, cost nothing: Temporal
 * retries without limit. The trainer, and errors of unknown cause, have a few attempts. What is used up is part of the
 * heartbeat details: Temporal gives them to the next attempt, on whichever machine, also while the registry is away.
 */
import { Context } from '@temporalio/activity'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { errorText } from '../contracts/error-text.js'
import { FAILURES, SlipwayError } from '../contracts/failure.js'
import { isInfrastructure, unknownHost } from './infrastructure-errors.js'

const ATTEMPTS = 4
/** Workers lost during training before a further one counts against the trainer, which may have taken them down. */
const LOST_FOR_FREE = 2
/** About four minutes with the backoff of activities: longer than a name server needs after a restart. */
const UNKNOWN_HOST_ATTEMPTS = 10
const LONGEST = 500

/** Part of the heartbeat details. */
interface Used {
  readonly trainer: number
  readonly unexpected: number
  /** The host of the data source was not known. */
  readonly unknownHost: number
  /** Workers lost while the trainer worked. */
  readonly lost: number
  /** The trainer works. Still set when the next attempt begins: the worker was lost. */
  readonly training: boolean
  /** The last failure that counted, for the message of the final one. */
  readonly last?: string
}

const NOTHING: Used = { trainer: 0, unexpected: 0, unknownHost: 0, lost: 0, training: false }

export interface RetryBudget {
  /** Instead of the context's own, which would forget what is used up. Without details it repeats the last ones. */
  heartbeat(details?: unknown): void
  readonly cancelled: Promise<never>
  trainerWorks(works: boolean): void
  /** Counts a failure to read the project's data. @returns what the activity has to throw */
  chargeSource(error: unknown): unknown
  /** Counts a failure, once per attempt. @returns what the activity has to throw: not retryable if it was the last */
  charge(error: unknown): unknown
}

export async function withinBudget<T>(work: (budget: RetryBudget) => Promise<T>): Promise<T> {
  const budget = openBudget(Context.current())
  try {
    return await work(budget)
  } catch (error) {
    throw budget.charge(error)
  }
}

/** @throws ApplicationFailure if the attempts before have used up the budget */
function openBudget(context: Context): RetryBudget {
  let used = usedBefore(context.info.heartbeatDetails)
  let details: object = {}
  let charged: { readonly failure: unknown } | undefined
  const beat = () => context.heartbeat({ ...details, used })
  if (used.training) {
    const last = `the worker was lost during training, ${used.lost + 1} times in all`
    used = { ...used, training: false, lost: used.lost + 1, ...(used.lost < LOST_FOR_FREE ? {} : { last }) }
  }
  if (used !== NOTHING) beat()
  if (spent(used)) {
    const advice = FAILURES.TrainerFailed.advice
    throw ApplicationFailure.nonRetryable(`${used.last ?? 'the trainer failed'} (${advice})`, 'TrainerFailed')
  }
  const count = (more: Partial<Used>, error: unknown) => {
    used = { ...used, ...more, training: false, last: errorText(error).slice(0, LONGEST) }
    beat()
  }
  const failureOf = (error: unknown): unknown => {
    if (context.cancellationSignal.aborted || error instanceof CancelledFailure) return error
    if (error instanceof ApplicationFailure) return error
    if (error instanceof SlipwayError && error.type !== 'TrainerFailed') return error
    if (isInfrastructure(error)) return new SlipwayError('Unavailable', errorText(error), { cause: error })
    if (error instanceof SlipwayError) {
      count({ trainer: used.trainer + 1 }, error)
      return spent(used) ? last(error, error.type, `${error.message} (${FAILURES[error.type].advice})`) : error
    }
    count({ unexpected: used.unexpected + 1 }, error)
    const type = error instanceof Error ? error.name : 'Error'
    return used.unexpected >= ATTEMPTS ? last(error, type, errorText(error)) : error
  }
  return {
    heartbeat(newest) {
      if (typeof newest === 'object' && newest !== null) details = newest
      beat()
    },
    cancelled: context.cancelled,
    trainerWorks(training) {
      used = { ...used, training }
      beat()
    },
    chargeSource(error) {
      const unknown = unknownHost(error)
      if (!unknown) return error
      count({ unknownHost: used.unknownHost + 1 }, unknown)
      if (used.unknownHost < UNKNOWN_HOST_ATTEMPTS) return error
      const what = `the host of the data source is not known: ${errorText(unknown)}, ${UNKNOWN_HOST_ATTEMPTS} times`
      return last(error, 'BadData', `${what} (${FAILURES.BadData.advice})`)
    },
    charge(error) {
      // A trainer's failure whose record the registry does not take is still one failure of the trainer.
      charged ??= isOutside(error) ? undefined : { failure: failureOf(error) }
      return charged === undefined || isOutside(error) ? failureOf(error) : charged.failure
    },
  }
}

const isOutside = (error: unknown): boolean =>
  (error instanceof SlipwayError && error.type === 'Unavailable') || isInfrastructure(error)

const spent = ({ trainer, lost }: Used): boolean => trainer + Math.max(0, lost - LOST_FOR_FREE) >= ATTEMPTS

const last = (cause: unknown, type: string, message: string) =>
  ApplicationFailure.create({ type, message, nonRetryable: true, ...(cause instanceof Error ? { cause } : {}) })

function usedBefore(details: unknown): Used {
  const used = (details as { used?: Partial<Used> } | null | undefined)?.used
  return used ? { ...NOTHING, ...used } : NOTHING
}
