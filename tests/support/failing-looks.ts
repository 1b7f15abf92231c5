/** Looks that fail until an instant of the server, as where no worker or no database serves them. */
import { ApplicationFailure } from '@temporalio/common'
import { type Harness, timeSkipping } from './time-skipping.js'

const HOUR_MS = 3_600_000

export interface FailingLooks {
  readonly on: Harness
  /** @param instant wall time of the server in epoch ms; 0 for looks that succeed */
  failUntil(instant: number): void
}

export async function withFailingLooks(): Promise<FailingLooks> {
  let until = 0
  const before = async (activity: string): Promise<void> => {
    if (activity !== 'watchExposure' || until === 0) return
    const leftMs = until - (await on.env.currentTimeMs())
    if (leftMs <= 0) return
    const nextRetryDelay = Math.min(HOUR_MS, leftMs)
    throw ApplicationFailure.create({ message: 'canceling statement due to statement timeout', nextRetryDelay })
  }
  const on = await timeSkipping({ before })
  return {
    on,
    failUntil(instant) {
      until = instant
    },
  }
}
