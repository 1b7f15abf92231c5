/** What Slipway needs on this machine, looked at without changing anything. */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { ConnectionOptions } from '@temporalio/client'
import { cacheFolder, slipwayHome } from './cache-folder.js'
import { nativeFolder } from './postgres-place.js'
import { locateTemporalBinary, programOnPath } from './temporal-binary.js'
import { answers } from './temporal-probe.js'
import { runningTemporal } from './temporal-server.js'
import { locateTestServer } from './test-server.js'

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** The command or step that mends it. */
  readonly mend?: string
}

const OLDEST_NODE = 20

/** @param connect how the Temporal that the environment names is spoken to; by its address alone when absent */
export async function diagnose(env = process.env, connect?: ConnectionOptions): Promise<Check[]> {
  const named = connect ?? (env.TEMPORAL_ADDRESS ? { address: env.TEMPORAL_ADDRESS } : undefined)
  return Promise.all([
    node(),
    folder('home', slipwayHome(env), 'set SLIPWAY_HOME to a folder you may write'),
    folder('cache', cacheFolder(env), 'set SLIPWAY_CACHE to a folder you may write'),
    named ? namedTemporal(named) : embeddedTemporal(slipwayHome(env)),
    env.SLIPWAY_DATABASE_URL ? namedDatabase(env.SLIPWAY_DATABASE_URL) : embeddedDatabase(),
    testServer(),
  ])
}

async function node(): Promise<Check> {
  const ok = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE
  return { name: 'Node.js', ok, detail: process.version, mend: `install Node.js ${OLDEST_NODE} or newer` }
}

async function folder(name: string, path: string, mend: string): Promise<Check> {
  const refuse = (why: string) => ({ name, ok: false, detail: `${path} cannot be written (${why})`, mend })
  for (let at = path; ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) return refuse(`${at} is a file`)
      await access(at, constants.W_OK)
      return { name, ok: true, detail: at === path ? path : `${path}, made by the first start` }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') return refuse(message)
    }
  }
}

async function namedTemporal(connect: ConnectionOptions): Promise<Check> {
  const ok = await answers(connect, 5_000)
  const address = connect.tls ? `${connect.address} over TLS` : connect.address
  const detail = ok ? `answers at ${address}` : `no answer at ${address} (TEMPORAL_ADDRESS)`
  return { name: 'Temporal', ok, detail, mend: 'start it, or unset TEMPORAL_ADDRESS to use the embedded one' }
}

async function embeddedTemporal(home: string): Promise<Check> {
  const running = await runningTemporal(home)
  if (running) return { name: 'Temporal', ok: true, detail: `running on ${running.address}, Web UI ${running.uiUrl}` }
  const binary = await locateTemporalBinary()
  if (binary) return { name: 'Temporal', ok: true, detail: `${binary}; not running` }
  const go = await programOnPath('go')
  const detail = `no binary yet; slipway up ${go ? 'downloads it or builds it with Go' : 'downloads it'}`
  const mend = 'install Go, or put `temporal` on PATH, or set TEMPORAL_ADDRESS'
  return { name: 'Temporal', ok: go !== undefined, detail, mend }
}

async function namedDatabase(url: string): Promise<Check> {
  const name = 'PostgreSQL'
  const mend = 'start it, or unset SLIPWAY_DATABASE_URL to use the embedded one'
  try {
    const { hostname, port } = new URL(url)
    const ok = await reach(hostname, Number(port || 5432))
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

async function embeddedDatabase(): Promise<Check> {
  const name = 'PostgreSQL'
  try {
    return { name, ok: true, detail: `embedded, programs in ${await nativeFolder()}` }
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message, mend: 'npm ci' }
  }
}

/** Only the tests need it, and they fetch it: its absence is no fault as long as it can be fetched. */
async function testServer(): Promise<Check> {
  const name = 'time-skipping test server (tests only)'
  const path = await locateTestServer()
  if (path) return { name, ok: true, detail: path }
  const java = (await programOnPath('java')) && (await programOnPath('mvn'))
  const detail = 'not there yet; npm test fetches it'
  return { name, ok: java !== undefined, detail, mend: 'install a Java runtime and Maven' }
}

function reach(host: string, port: number): Promise<boolean> {
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
