import { join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { isPortFree } from './free-port.js'
import { commandOf, endProcess, isAlive } from './processes.js'
import type { Progress } from './progress.js'
import { readState, writeState } from './state-file.js'
import type { TemporalPorts } from './temporal-command.js'
import type { TemporalOptions, TemporalServer } from './temporal-options.js'
import { waitUntilReady } from './temporal-probe.js'

/** How long a running server may take to answer: another process may have started it a moment ago. */
const ANSWER_WITHIN_MS = 20_000

export interface TemporalState extends TemporalPorts {
  readonly pid: number
}

const stateFile = (home: string): string => join(home, 'temporal.json')

export async function readTemporalState(home: string): Promise<TemporalState | undefined> {
  const state = await readState(stateFile(home))
  const { pid, port, uiPort } = state ?? {}
  if (typeof pid !== 'number' || typeof port !== 'number' || typeof uiPort !== 'number') return undefined
  return { pid, port, uiPort }
}

export const recordTemporalState = (home: string, { pid, port, uiPort }: TemporalState): Promise<void> =>
  writeState(stateFile(home), { pid, address: `127.0.0.1:${port}`, port, uiPort, startedAt: new Date().toISOString() })

/** Another process may have this id now. When its command line cannot be read, it is assumed to be the server. */
export async function isRunning(state: TemporalState, dbFile: string): Promise<boolean> {
  if (!(await isAlive(state.pid))) return false
  const command = await commandOf(state.pid)
  return command === undefined || command.includes(dbFile)
}

/** Two servers on one file would lose workflows: a running server is used or refused, and no second one is started. */
export async function adoptRunning(
  home: string,
  dbFile: string,
  requested: TemporalOptions,
  onProgress: Progress,
): Promise<TemporalServer | undefined> {
  const state = await readTemporalState(home)
  if (!state || !(await isRunning(state, dbFile))) return undefined
  const address = `127.0.0.1:${state.port}`
  const remedy = `end it with \`kill ${state.pid}\` and start again`
  if ((requested.port ?? state.port) !== state.port || (requested.uiPort ?? state.uiPort) !== state.uiPort) {
    throw new SlipwayError(
      'Unavailable',
      `Temporal for ${home} already runs on ${address}; do not request another port, or ${remedy}`,
    )
  }
  const deadline = Date.now() + ANSWER_WITHIN_MS
  if (!(await waitUntilReady(address, () => Date.now() < deadline))) {
    throw new SlipwayError(
      'Unavailable',
      `Temporal for ${home} (process ${state.pid}) does not answer on ${address}; ${remedy}`,
    )
  }
  onProgress(`Temporal server: already running on ${address}`)
  return {
    address,
    uiUrl: `http://127.0.0.1:${state.uiPort}`,
    pid: state.pid,
    adopted: true,
    stop: () => endProcess(state.pid),
  }
}

export async function claimPort(port: number, user: string): Promise<number> {
  if (await isPortFree(port)) return port
  throw new SlipwayError(
    'Unavailable',
    `port ${port} for ${user} is in use; choose another port or end the process that uses it`,
  )
}
