import type { Context } from '@temporalio/activity'

const EVERY_MS = 1_000

/** Heartbeats while work runs, so that a dead worker and a cancellation are noticed. */
export async function withHeartbeat<T>(context: Pick<Context, 'heartbeat'>, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => context.heartbeat(), EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** Heartbeats while work runs that cannot be stopped: a cancellation does not wait for its end. */
export const withHeartbeatUntilCancelled = <T>(
  context: Pick<Context, 'heartbeat' | 'cancelled'>,
  work: () => Promise<T>,
): Promise<T> => withHeartbeat(context, () => Promise.race([work(), context.cancelled]))
