/** The decision service's calls to Temporal. It connects at the first call. */

import type { Client } from '@temporalio/client'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { type BreachNote, breachSignal } from '../../contracts/messages.js'
import type { StartRelease } from '../../http/index.js'
import { startRelease } from '../../releases/start-release.js'
import type { WithClient } from '../../releases/with-client.js'
import { connectClient, findTemporal, type Stoppable } from './platform.js'

/** Limit per call: an HTTP caller waits for the answer, and the Temporal client would retry for a minute. */
const ANSWER_WITHIN_MS = 5_000

export interface ServingTemporal extends Stoppable {
  /** Signals a run that a breach was stored. */
  signalBreach(workflowId: string, power: BreachNote['power']): Promise<void>
  readonly start: StartRelease
  readonly withClient: WithClient
}

export function servingTemporal(): ServingTemporal {
  let connected: ReturnType<typeof connectClient> | undefined
  const disconnect = async () => {
    const last = connected
    connected = undefined
    // A connection that failed has nothing to close.
    await last?.then(
      ({ close }) => close(),
      () => {},
    )
  }
  const through = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    connected ??= findTemporal().then(connectClient)
    try {
      const { client } = await connected
      return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => work(client))
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.type === 'Unavailable') await disconnect()
      throw error
    }
  }
  return {
    signalBreach: (workflowId, power) =>
      through((client) => client.workflow.getHandle(workflowId).signal(breachSignal, { power })),
    async start(input) {
      try {
        return await through((client) => startRelease(client, input))
      } catch (error) {
        if (error instanceof SlipwayError) throw error
        const problem = errorText(error)
        throw new SlipwayError(
          'Unavailable',
          `Temporal did not accept the release (${problem}); send the request again with the same id`,
        )
      }
    },
    withClient: through,
    stop: disconnect,
  }
}
