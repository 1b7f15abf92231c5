/**
 * The time-skipping server counts what locks its clock, and may keep the lock of an activity that was cancelled at the
 * moment of its retry. A result that is awaited then never comes, and a sleep of days takes days.
 */
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { ActivityInterceptorsFactory } from '@temporalio/worker'

/** Much longer than a busy machine needs between two steps of a run that works. */
const STUCK_MS = 15_000
/** In which the clock has advanced by little more than wall time. */
const SKIPPED_MS = 1_000

export interface StuckClock {
  /** Counts the activities at work: time may stand still while there are some. */
  readonly interceptor: ActivityInterceptorsFactory
  /** @param now the server's time in epoch ms, as it was read this moment */
  check(now: number): Promise<void>
}

/**
 * Releases the clock while a result or a sleep is awaited, no activity is at work, and no time was skipped for long.
 */
export function releaseStuckClock(env: TestWorkflowEnvironment): StuckClock {
  const { client, connection } = env
  let [awaited, atWork] = [0, 0]
  let since = { wall: performance.now(), server: 0 }
  const { workflow } = client
  const whileAwaited =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (awaited === 0) since = { wall: performance.now(), server: 0 }
      awaited += 1
      try {
        return await call(...args)
      } finally {
        awaited -= 1
      }
    }
  workflow.result = whileAwaited(workflow.result.bind(workflow))
  env.sleep = whileAwaited(env.sleep.bind(env))
  return {
    interceptor: () => ({
      inbound: {
        async execute(input, next) {
          atWork += 1
          try {
            return await next(input)
          } finally {
            atWork -= 1
            since = { wall: performance.now(), server: 0 }
          }
        },
      },
    }),
    async check(now) {
      const wall = performance.now()
      const skipped = now - since.server - (wall - since.wall) > SKIPPED_MS
      if (awaited === 0 || atWork > 0 || skipped) since = { wall, server: now }
      else if (wall - since.wall > STUCK_MS) {
        since = { wall, server: now }
        console.log('the time-skipping server blocks time for an activity that no longer exists')
        await connection.testService?.unlockTimeSkipping({})
      }
    },
  }
}
