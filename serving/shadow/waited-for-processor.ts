import { readFileSync } from 'node:fs'

/** Of the calling thread, on Linux: nanoseconds on a processor, nanoseconds ready to run without one, time slices. */
const SCHEDULED = '/proc/thread-self/schedstat'
let known = process.platform === 'linux'

/**
 * How long this thread has waited for a processor since it started; 0 where the system does not say. A thread of low
 * priority waits while production answers: that is no property of the model it scores with.
 */
export function waitedForProcessorMs(): number {
  if (!known) return 0
  try {
    const waited = Number(readFileSync(SCHEDULED, 'latin1').split(' ')[1])
    return Number.isFinite(waited) ? waited / 1e6 : 0
  } catch {
    known = false
    return 0
  }
}
