import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { ExposureArea } from './exposure-area.js'

const AGAIN_MS = 250
const CHANNEL = 'slipway_exposure'

/**
 * LISTEN on a separate connection, which is always opened again when it is lost. After each opening, `null` reports
 * that notices may have been missed. Behind a pooler in transaction mode no notices arrive, so callers also poll.
 */
export function createListener(databaseUrl: string): Pick<ExposureArea, 'listen'> {
  return {
    async listen(onChange) {
      const stopped = new AbortController()
      const following = follow(databaseUrl, onChange, stopped.signal)
      return {
        async stop() {
          stopped.abort()
          await following
        },
      }
    },
  }
}

async function follow(databaseUrl: string, onChange: (project: string | null) => void, signal: AbortSignal) {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000, keepAlive: true })
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
    })
    client.on('notification', ({ payload }) => onChange(payload ?? null))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      onChange(null)
      await Promise.race([lost, aborted])
    } catch {
      // Unreachable: retried below. The caller's poll reports it.
    }
    await client.end().catch(() => {})
    await pause(AGAIN_MS, undefined, { signal }).catch(() => {})
  }
}
