/** Wraps each activity of a track: with the server's clock, and with the accidents of the sequence. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import type { ActivityInboundCallsInterceptor, WorkerInterceptors } from '@temporalio/worker'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { eventNow, wallUntil } from '../../../contracts/clock.js'
import { durationMs } from '../../../contracts/duration.js'
import { nextLook } from '../../../judge/index.js'
import type { ServerClock } from './server-clock.js'

/**
 * Retry delay from the sixth attempt on: a retry each minute would be 1,440 attempts per skipped day. A look is not
 * late, because its deadline does not wait for it.
 */
const LONG_DELAY_MS = 6 * 3_600_000
const SHORT_DELAYS = 5

/** @param isLost whether the completion of an attempt is lost */
export function aroundActivities(
  clock: ServerClock,
  isLost: (attempt: number) => boolean | Promise<boolean>,
): WorkerInterceptors {
  return {
    activity: [
      ({ info }) => {
        const inbound: ActivityInboundCallsInterceptor = {
          async execute(input, next) {
            await clock.tick()
            const done = await next(input).catch((error: unknown) => {
              throw info.attempt > SHORT_DELAYS
                ? withLongDelay(error, untilNextLook(input.args[0], clock.now()))
                : error
            })
            if (!(await isLost(info.attempt))) return done
            throw ApplicationFailure.create({
              message: 'the worker died before it reported completion',
              nextRetryDelay: 20,
            })
          },
        }
        return { inbound }
      },
    ],
  }
}

/** Wall ms; infinite for an activity that takes no looks. */
function untilNextLook(argument: unknown, wallNow: number): number {
  const { opened, policy, clock } = (argument ?? {}) as Partial<ExposureRequest>
  if (opened === undefined || !policy || !clock) return Number.POSITIVE_INFINITY
  const after = eventNow(clock, wallNow)
  return wallUntil(clock, nextLook({ opened, every: durationMs(policy.lookEvery), after }), wallNow)
}

function withLongDelay(error: unknown, atMost: number): unknown {
  if (!(error instanceof ApplicationFailure) || error.type !== 'NotYet') return error
  const requested = Number(error.nextRetryDelay ?? 0)
  if (requested < 30_000 || requested > 60_000) return error
  return ApplicationFailure.create({
    type: 'NotYet',
    message: error.message,
    nextRetryDelay: Math.min(LONG_DELAY_MS, Math.max(1, Math.ceil(atMost))),
    category: ApplicationFailureCategory.BENIGN,
  })
}
