/** Temporal and PostgreSQL: those that the environment names, or the embedded ones. */
import { connect } from 'node:net'
import type { ConnectionOptions } from '@temporalio/client'
import { errorText } from '../../contracts/error-text.js'
import { nativeFolder } from '../postgres-place.js'
import { locateTemporalBinary, programOnPath } from '../temporal-binary.js'
import { answers } from '../temporal-probe.js'
import { runningTemporal } from '../temporal-server.js'
import type { Check } from './check.js'

export async function checkNamedTemporal(connection: ConnectionOptions): Promise<Check> {
  const ok = await answers(connection, 5_000)
  const address = connection.tls ? `${connection.address} over TLS` : connection.address
  const detail = ok ? `answers at ${address}` : `no answer at ${address} (TEMPORAL_ADDRESS)`
  return { name: 'Temporal', ok, detail, mend: 'start it, or unset TEMPORAL_ADDRESS to use the embedded one' }
}

export async function checkEmbeddedTemporal(home: string): Promise<Check> {
  const running = await runningTemporal(home)
  if (running) return { name: 'Temporal', ok: true, detail: `running on ${running.address}, Web UI ${running.uiUrl}` }
  const binary = await locateTemporalBinary()
  if (binary) return { name: 'Temporal', ok: true, detail: `${binary}; not running` }
  const go = await programOnPath('go')
  const detail = `no binary yet; slipway up ${go ? 'downloads it or builds it with Go' : 'downloads it'}`
  const mend = 'install Go, or put `temporal` on PATH, or set TEMPORAL_ADDRESS'
  return { name: 'Temporal', ok: go !== undefined, detail, mend }
}

export async function checkNamedDatabase(url: string): Promise<Check> {
  const name = 'PostgreSQL'
  const mend = 'start it, or unset SLIPWAY_DATABASE_URL to use the embedded one'
  try {
    const { hostname, port } = new URL(url)
    const ok = await accepts(hostname, Number(port || 5432))
    const where = `${hostname}:${port || 5432}`
    return { name, ok, detail: ok ? `answers at ${where}` : `no answer at ${where} (SLIPWAY_DATABASE_URL)`, mend }
  } catch {
    return {
      name,
      ok: false,
      detail: 'SLIPWAY_DATABASE_URL is not a URL',
      mend: 'write it as postgres://user:password@host:5432/database',
    }
  }
}

export async function checkEmbeddedDatabase(): Promise<Check> {
  const name = 'PostgreSQL'
  try {
    return { name, ok: true, detail: `embedded, programs in ${await nativeFolder()}` }
  } catch (error) {
    return { name, ok: false, detail: errorText(error), mend: 'npm ci' }
  }
}

/** Whether a TCP connection is accepted within five seconds. */
function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 })
    const end = (ok: boolean) => {
      socket.destroy()
      resolve(ok)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
