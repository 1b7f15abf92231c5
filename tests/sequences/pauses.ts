import { setTimeout as pause } from 'node:timers/promises'

const FIRST_MS = 10
const LONGEST_MS = 100

/**
 * Yields once at the start and then after pauses that become longer: what takes a moment is seen at once, and what
 * takes long is asked for a few times. Each look costs calls of Temporal and of the database.
 */
export async function* pauses(withinMs: number): AsyncGenerator<void> {
  const deadline = Date.now() + withinMs
  for (let ms = FIRST_MS; Date.now() < deadline; ms = Math.min(2 * ms, LONGEST_MS)) {
    yield
    await pause(ms)
  }
}
