/**
 * A PostgreSQL server for one SLIPWAY_HOME: created at the first start and shared by all processes of that home. The
 * last process stops it.
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { freePort } from './free-port.js'
import { asServer, createCluster, dataOf, POSTGRES_USER } from './postgres-cluster.js'
import { findPlace, type PostgresPlace } from './postgres-place.js'
import { withLock } from './process-lock.js'
import { commandOf, isAlive } from './processes.js'
import { type Progress, silent } from './progress.js'
import { lastLine, run } from './run-command.js'
import { enter, leave } from './server-users.js'
import { readState, writeState } from './state-file.js'

export interface PostgresServer {
  readonly url: string
  readonly pid: number
  /** True when the server was already running. */
  readonly adopted: boolean
  /** Stops the server unless another process still uses it. */
  stop(): Promise<void>
}

const ATTEMPTS = 3

export interface PostgresOptions {
  readonly home: string
  readonly onProgress?: Progress
  /** Ends the wait for another process that is starting it. */
  readonly signal?: AbortSignal
}

export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const home = resolve(options.home)
  const onProgress = options.onProgress ?? silent
  await mkdir(home, { recursive: true })
  const lock = join(home, 'postgres.lock')
  const users = join(home, 'postgres.users')
  const start = async (): Promise<PostgresServer> => {
    const place = await findPlace(home, onProgress)
    const password = await createCluster(home, place, onProgress)
    const running = await runningServer(place)
    const { pid, port } = running ?? (await boot(home, place))
    const mark = await enter(users)
    return {
      url: `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/postgres`,
      pid,
      adopted: running !== undefined,
      stop: () =>
        withLock(lock, silent, async () => {
          if (await leave(users, mark)) await shutDown(place)
        }),
    }
  }
  return withLock(lock, onProgress, start, options.signal)
}

/** The server that uses the data folder, read from its postmaster.pid: line 1 is the process id, line 4 the port. */
async function runningServer(place: PostgresPlace): Promise<{ pid: number; port: number } | undefined> {
  const file = join(dataOf(place), 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (await isAlive(pid)) {
    const command = await commandOf(pid)
    if (command === undefined || command.includes(dataOf(place))) return { pid, port: Number(lines[3]) }
  }
  // Left by a killed server. Its process id may belong to another program now, and PostgreSQL would wait for that one.
  await rm(file, { force: true })
  return undefined
}

/** Another process may take the free port before the server binds it: then it is tried again with another port. */
async function boot(home: string, place: PostgresPlace): Promise<{ pid: number; port: number }> {
  const file = join(home, 'postgres.json')
  const log = join(place.base, 'postgres.log')
  for (let attempt = 1; ; attempt++) {
    const state = await readState(file)
    const port = await freePort(attempt === 1 && typeof state?.port === 'number' ? state.port : undefined)
    await writeState(file, { ...state, port })
    await rm(log, { force: true })
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`
    const ran = await run(
      join(place.bin, 'pg_ctl'),
      ['start', '-w', '-D', dataOf(place), '-l', log, '-o', settings],
      asServer(place),
    )
    const running = ran.ok ? await runningServer(place) : undefined
    if (running) return running
    const why = lastLine(await readFile(log, 'utf8').catch(() => '')) || ran.reason
    if (attempt === ATTEMPTS) throw new SlipwayError('Unavailable', `the database did not start: ${why}; see ${log}`)
  }
}

/** A fast stop: it ends sessions and writes all data, so that the next start needs no recovery. */
async function shutDown(place: PostgresPlace): Promise<void> {
  if (!(await runningServer(place))) return
  const ran = await run(join(place.bin, 'pg_ctl'), ['stop', '-w', '-m', 'fast', '-D', dataOf(place)], asServer(place))
  if (!ran.ok) throw new SlipwayError('Unavailable', `the database did not stop: ${ran.reason}`)
}
