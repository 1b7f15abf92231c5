import { join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { isPortFree } from './free-port.js'
import { commandOf, endProcess, isAlive } from './processes.js'
import type { Progress } from './progress.js'
import { readState, writeState } from './state-file.js'
import type { TemporalPorts } from './temporal-command.js'
import type { TemporalOptions, TemporalServer } from './temporal-options.js'
import { waitUntilReady } from './temporal-probe.js'

/** How long a server that is alive may take to answer: another process may have started it a moment ago. */
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

/** The process that had this id may be another by now; a command that cannot be read is believed. */
export async function isRunning(state: TemporalState, dbFile: string): Promise<boolean> {
  if (!(await isAlive(state.pid))) return false
  const command = await commandOf(state.pid)
  return command === undefined || command.includes(dbFile)
}

/** Two servers on one file would lose workflows, so one that is alive is used or complained about, never doubled. */
export async function adoptRunning(
  home: string,
  dbFile: string,
  asked: TemporalOptions,
  onProgress: Progress,
): Promise<TemporalServer | undefined> {
  const state = await readTemporalState(home)
  if (!state || !(await isRunning(state, dbFile))) return undefined
  const address = `127.0.0.1:${state.port}`
  const way = `end it with \`kill ${state.pid}\` and start again`
  if ((asked.port ?? state.port) !== state.port || (asked.uiPort ?? state.uiPort) !== state.uiPort) {
    throw new SlipwayError(
      'Unavailable',
      `Temporal for ${home} already runs on ${address}; name no other port, or ${way}`,
    )
  }
  const deadline = Date.now() + ANSWER_WITHIN_MS
  if (!(await waitUntilReady(address, () => Date.now() < deadline))) {
    throw new SlipwayError(
      'Unavailable',
      `Temporal for ${home} (process ${state.pid}) does not answer on ${address}; ${way}`,
    )
  }
  onProgress(`Temporal server: running already on ${address}`)
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
    `port ${port} for ${user} is in use; name another one or end the process that has it`,
  )
}
