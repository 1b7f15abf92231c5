/** What stands around each activity of a lane: the server's clock, and the accidents that a sequence asks for. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import type { ActivityInboundCallsInterceptor, WorkerInterceptors } from '@temporalio/worker'
import type { LaneClock } from './clock.js'

/** From the sixth wait on. What comes back each minute for weeks would be 1,440 attempts a skipped day. */
const SELDOM_MS = 6 * 3_600_000
const IN_A_HURRY = 5

/** @param isLost whether nobody is to hear of an activity that is done, by its attempt */
export function aroundActivities(
  clock: LaneClock,
  isLost: (attempt: number) => boolean | Promise<boolean>,
): WorkerInterceptors {
  return {
    activity: [
      ({ info }) => {
        const inbound: ActivityInboundCallsInterceptor = {
          async execute(input, next) {
            await clock.tick()
            const done = await next(input).catch((error: unknown) => {
              throw info.attempt > IN_A_HURRY ? seldom(error) : error
            })
            if (!(await isLost(info.attempt))) return done
            throw ApplicationFailure.create({ message: 'the worker died before it told', nextRetryDelay: 20 })
          },
        }
        return { inbound }
      },
    ],
  }
}

function seldom(error: unknown): unknown {
  if (!(error instanceof ApplicationFailure) || error.type !== 'NotYet') return error
  const asked = Number(error.nextRetryDelay ?? 0)
  if (asked < 30_000 || asked > 60_000) return error
  return ApplicationFailure.create({
    type: 'NotYet',
    message: error.message,
    nextRetryDelay: SELDOM_MS,
    category: ApplicationFailureCategory.BENIGN,
  })
}
