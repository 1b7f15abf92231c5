import type { Context } from '@temporalio/activity'

const EVERY_MS = 2_000

/** Heartbeats while work runs that reports nothing itself, so that a dead worker and a cancellation are noticed. */
export async function beatWhile<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => context.heartbeat(), EVERY_MS)
  try {
    return await Promise.race([work(), context.cancelled])
  } finally {
    clearInterval(timer)
  }
}
