import { setTimeout as pause } from 'node:timers/promises'

export interface ServerClock {
  /** Epoch ms of the server's skipped time, as last read. */
  now(): number
  /** Reads it from the server. */
  tick(): Promise<number>
}

const EVERY_MS = 500

/**
 * Never runs backwards. Read before each activity and after each jump, and periodically for the decision service.
 * @param ask returns the server's time in epoch ms
 */
export async function serverClock(ask: () => Promise<number>) {
  let now = await ask()
  const tick = async () => {
    now = Math.max(now, await ask().catch(() => now))
    return now
  }
  const ended = new AbortController()
  const ticking = (async () => {
    for (; !ended.signal.aborted; await pause(EVERY_MS)) await tick()
  })()
  const clock: ServerClock = { now: () => now, tick }
  return {
    clock,
    close() {
      ended.abort()
      return ticking
    },
  }
}
