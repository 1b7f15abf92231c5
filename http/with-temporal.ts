import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'
import type { WithClient } from '../releases/with-client.js'

/** @returns what runs work with Temporal; without a server, and with one that is away, it throws Unavailable */
export const withTemporal =
  (withClient: WithClient | undefined): WithClient =>
  async (work) => {
    if (!withClient)
      throw new SlipwayError(
        'Unavailable',
        'this decision service has no Temporal server; set TEMPORAL_ADDRESS and restart it',
      )
    try {
      return await withClient(work)
    } catch (error) {
      if (!(error instanceof Error) || !AWAY.has(error.name)) throw error
      throw new SlipwayError(
        'Unavailable',
        `Temporal did not answer (${errorText(error)}); send the request again with the same id`,
        { cause: error },
      )
    }
  }

/** Names of errors, so that Temporal's package is loaded only when it is used. */
const AWAY: ReadonlySet<string> = new Set(['ServiceError', 'WorkflowUpdateRPCTimeoutOrCancelledError'])
