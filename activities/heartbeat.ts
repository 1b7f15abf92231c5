import type { Context } from '@temporalio/activity'

const EVERY_MS = 1_000

/** Heartbeats while work runs, so that a dead worker and a cancellation are noticed; `details` is what people see of it. */
export async function withPulse<T>(
  context: Context,
  work: () => Promise<T>,
  details: () => unknown = () => undefined,
): Promise<T> {
  const timer = setInterval(() => context.heartbeat(details()), EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** The same for work that cannot be stopped: a cancellation does not wait for its end. */
export const beatWhile = <T>(context: Context, work: () => Promise<T>): Promise<T> =>
  withPulse(context, () => Promise.race([work(), context.cancelled]))
