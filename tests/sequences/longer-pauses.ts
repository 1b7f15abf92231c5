import { setTimeout as pause } from 'node:timers/promises'

const LONGEST_MS = 200

/**
 * Pauses between looks at the same thing, each longer than the one before: a look that comes too early costs the
 * processor time that what it waits for needs, most of all where a query replays a whole history.
 */
export function longerPauses(firstMs: number): () => Promise<void> {
  let next = firstMs
  return async () => {
    await pause(next)
    next = Math.min(LONGEST_MS, next * 1.5)
  }
}
