/** A connection to Temporal that can be closed during calls, for example during the wait for a verdict. */
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
 * The client library retries a failed call after a pause. On a closed connection that retry throws inside a timer,
 * which ends the process and leaves its servers running. So `close` first disables retries, then waits until the pauses
 * have ended.
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
      // 10 ms longer than the last pause, so that its timer has fired.
      if (left > 0) await sleep(left + 10)
      await connection.close()
    },
  }
}
