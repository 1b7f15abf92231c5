import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'

export interface Way {
  readonly name: string
  /** Throws with a one-line reason when this way does not lead to it. */
  readonly attempt: () => Promise<string>
}

/** Tries one way after the other, none any more once aborted. When all fail the one-line reason names each with its own. */
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
  throw new SlipwayError('Unavailable', `${what} could not be had (${reasons.join('; ')}); ${remedy}`)
}
