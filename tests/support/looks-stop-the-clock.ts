import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { ActivityInterceptorsFactory } from '@temporalio/worker'

/**
 * The time-skipping server skips time while a retried activity runs: ten minutes may pass within a look that takes
 * milliseconds, and its deadline would be missed. It does not while a look holds the server's lock.
 */
export const looksStopTheClock =
  ({ connection }: Pick<TestWorkflowEnvironment, 'connection'>): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      async execute(input, next) {
        if (info.activityType !== 'watchExposure') return await next(input)
        await connection.testService?.lockTimeSkipping({})
        try {
          return await next(input)
        } finally {
          await connection.testService?.unlockTimeSkipping({})
        }
      },
    },
  })
