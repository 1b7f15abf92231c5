import { Context } from '@temporalio/activity'
import { cancelQueriesWith } from '../registry/index.js'

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

/** The last details of each attempt: the heartbeats that follow repeat them. */
const details = new WeakMap<Context, unknown>()

/** What people see of the running attempt. */
export function beat(newest: unknown): void {
  const context = Context.current()
  details.set(context, newest)
  context.heartbeat(newest)
}

/** The functions as activities whose running query ends with them. */
export const withoutOrphanedQueries = <Functions extends object>(activities: Functions): Functions =>
  eachOf(activities, (run) => cancelQueriesWith(Context.current().cancellationSignal, run))

/** The same, and they send heartbeats while they run: the answer to one says that no caller waits any longer. */
export const interruptible = <Functions extends object>(activities: Functions): Functions =>
  withoutOrphanedQueries(
    eachOf(activities, (run) => {
      const context = Context.current()
      return withHeartbeat({ heartbeat: () => context.heartbeat(details.get(context)) }, run)
    }),
  )

type Wrap = (run: () => Promise<unknown>) => Promise<unknown>

function eachOf<Functions extends object>(activities: Functions, wrap: Wrap): Functions {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    (...args: unknown[]) => wrap(async () => (run as (...all: unknown[]) => unknown)(...args)),
  ])
  return Object.fromEntries(wrapped) as Functions
}
