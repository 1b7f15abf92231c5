/** A connection to Temporal that can be closed while calls are under way, such as the wait for a verdict. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client'
import type { TemporalConnection } from '../../workers/temporal-environment.js'

const CONNECT_LIMIT = '5 s'

/**
 * The client library repeats a call that failed after a pause, and on a closed connection that repetition throws out of a
 * timer, which ends the process with its servers left behind. So closing first stops repeating, and waits for pauses to end.
 */
export async function connect(
  options: TemporalConnection,
): Promise<{ connection: Connection; close: () => Promise<void> }> {
  const retry = defaultGrpcRetryOptions()
  let closing = false
  let pausedUntil = 0
  const interceptor = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !closing && retry.retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const pause = retry.delayFunction(attempt, status)
      pausedUntil = Math.max(pausedUntil, Date.now() + pause)
      return pause
    },
  })
  const connection = await Connection.connect({
    ...(options as ConnectionOptions),
    connectTimeout: CONNECT_LIMIT,
    interceptors: [interceptor],
  })
  return {
    connection,
    async close() {
      closing = true
      const left = pausedUntil - Date.now()
      // One timer turn later than the last pause.
      if (left > 0) await sleep(left + 10)
      await connection.close()
    },
  }
}
