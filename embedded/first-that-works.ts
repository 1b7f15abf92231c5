import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'

export interface Way {
  readonly name: string
  /** Throws with a one-line reason when it fails. */
  readonly attempt: () => Promise<string>
}

/**
 * Tries the ways in order and stops when `signal` aborts.
 * @throws SlipwayError Unavailable when all fail: one line with the reason of each, and the remedy
 */
export async function firstThatWorks(
  what: string,
  ways: readonly Way[],
  remedy: string,
  signal?: AbortSignal,
): Promise<string> {
  const reasons: string[] = []
  for (const { name, attempt } of ways) {
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      reasons.push(`${name}: ${errorText(error)}`)
    }
  }
  throw new SlipwayError('Unavailable', `${what} is not available (${reasons.join('; ')}); ${remedy}`)
}
