import type { RefusedAttempt } from '../guard.js'
import { createRateLimit } from './rate.js'

const LINES_PER_SECOND = 20

/** Writes a line for each refused attempt; of a flood only so many a second, with the number of those left out. */
export function createAttemptLog(
  write: (line: string) => void,
  now: () => number = Date.now,
): (attempt: RefusedAttempt) => void {
  const rate = createRateLimit(LINES_PER_SECOND)
  let omitted = 0
  return (attempt) => {
    if (rate.take('log', now()) > 0) {
      omitted += 1
      return
    }
    write(`refused: ${JSON.stringify({ ...attempt, ...(omitted > 0 ? { omitted } : {}) })}`)
    omitted = 0
  }
}
