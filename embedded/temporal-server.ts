/**
 * A Temporal dev server with its Web UI for one SLIPWAY_HOME. It stores workflows in a file and its ports in
 * temporal.json, so that the next start continues with the same data and ports. A server that is still running is
 * adopted.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { withoutSecrets } from '../contracts/secret-files.js'
import { freePort } from './free-port.js'
import { withLock } from './process-lock.js'
import { endProcess } from './processes.js'
import { type Progress, silent } from './progress.js'
import { lastLine } from './run-command.js'
import { enter, leave } from './server-users.js'
import { findTemporalBinary } from './temporal-binary.js'
import { devServerArguments, type TemporalPorts } from './temporal-command.js'
import type { TemporalOptions, TemporalServer } from './temporal-options.js'
import { waitUntilReady } from './temporal-probe.js'
import { adoptRunning, claimPort, isRunning, readTemporalState, recordTemporalState } from './temporal-state.js'

const READY_WITHIN_MS = 60_000
const ATTEMPTS = 3

const dbFileOf = (home: string): string => join(home, 'temporal.db')

export async function startTemporalDevServer(options: TemporalOptions): Promise<TemporalServer> {
  const home = resolve(options.home)
  const onProgress = options.onProgress ?? silent
  await mkdir(home, { recursive: true })
  if (options.inMemory) return boot(home, undefined, options, onProgress)
  const dbFile = dbFileOf(home)
  const lock = join(home, 'temporal.lock')
  const users = join(home, 'temporal.users')
  const start = async (): Promise<TemporalServer> => {
    const running = await adoptRunning(home, dbFile, options, onProgress)
    const server = running ?? (await boot(home, dbFile, options, onProgress))
    const mark = await enter(users)
    const stop = () =>
      withLock(lock, silent, async () => {
        if (await leave(users, mark)) await endProcess(server.pid)
      })
    return { ...server, stop }
  }
  return withLock(lock, onProgress, start, options.signal)
}

/** The running server of a home, or undefined. Starts nothing. */
export async function runningTemporal(
  home: string,
): Promise<Pick<TemporalServer, 'address' | 'uiUrl' | 'pid'> | undefined> {
  const state = await readTemporalState(home)
  if (!state || !(await isRunning(state, dbFileOf(resolve(home))))) return undefined
  return { address: `127.0.0.1:${state.port}`, uiUrl: `http://127.0.0.1:${state.uiPort}`, pid: state.pid }
}

/** Another process may take a free port before the server binds it: then it is tried again with other ports. */
async function boot(
  home: string,
  dbFile: string | undefined,
  options: TemporalOptions,
  onProgress: Progress,
): Promise<TemporalServer> {
  const { signal } = options
  const binary = await findTemporalBinary(onProgress, signal)
  const previous = dbFile ? await readTemporalState(home) : undefined
  for (let attempt = 1; ; attempt++) {
    const ports = {
      port: options.port ? await claimPort(options.port, 'Temporal') : await freePort(previous?.port),
      uiPort: options.uiPort
        ? await claimPort(options.uiPort, 'the Temporal Web UI')
        : await freePort(previous?.uiPort),
    }
    const logFile = join(home, dbFile ? 'temporal.log' : `temporal-${ports.port}.log`)
    const started = (pid: number) => (dbFile ? recordTemporalState(home, { pid, ...ports }) : Promise.resolve())
    const result = await launch(binary, ports, dbFile, logFile, { started, signal })
    if (typeof result !== 'string') return result
    signal?.throwIfAborted()
    if (attempt === ATTEMPTS || !/port|address already in use/i.test(result)) {
      throw new SlipwayError('Unavailable', `the Temporal server did not start: ${result}; see ${logFile}`)
    }
  }
}

/** The running server, or the last line of its log when it did not start. */
async function launch(
  binary: string,
  ports: TemporalPorts,
  dbFile: string | undefined,
  logFile: string,
  { started, signal }: { started: (pid: number) => Promise<void>; signal: AbortSignal | undefined },
): Promise<TemporalServer | string> {
  const log = await open(logFile, 'w')
  // In its own process group: Ctrl-C in the terminal must not stop it before the workers have drained.
  const child = spawn(binary, devServerArguments(ports, dbFile), {
    detached: true,
    env: withoutSecrets(process.env),
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  const { pid, ended } = watch(child)
  if (pid === undefined) return `${binary} cannot be run`
  await started(pid)
  const deadline = Date.now() + READY_WITHIN_MS
  const mayContinue = () => !ended() && !signal?.aborted && Date.now() < deadline
  const ready = await waitUntilReady(`127.0.0.1:${ports.port}`, mayContinue)
  if (!ready) {
    await endProcess(pid)
    return lastLine(await readFile(logFile, 'utf8')) || `not ready within ${READY_WITHIN_MS / 1000} s`
  }
  return {
    address: `127.0.0.1:${ports.port}`,
    uiUrl: `http://127.0.0.1:${ports.uiPort}`,
    pid,
    adopted: false,
    stop: () => (ended() ? Promise.resolve() : endProcess(pid)),
  }
}

function watch(child: ChildProcess): { pid: number | undefined; ended: () => boolean } {
  let ended = false
  const end = (): void => {
    ended = true
  }
  child.once('exit', end)
  child.once('error', end)
  child.unref()
  return { pid: child.pid, ended: () => ended }
}
