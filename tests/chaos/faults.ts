/** Processes that are killed or stopped, and how that ends. */
import { setTimeout as pause } from 'node:timers/promises'
import { waitForEnd } from '../../embedded/processes.js'
import { trainersBelow } from '../support/find-processes.js'
import { descendants } from '../support/slipway-process.js'
import { eventually } from '../support/steer.js'
import type { ChaosSystem, Part } from './chaos-system.js'

/** Time-out after which Temporal considers a worker dead; a minute in production. */
export const WORKER_TIMEOUT_MS = 6_000
/** Beyond it, and beyond the time within which a client of the decision service waits. */
export const TOO_LONG_MS = WORKER_TIMEOUT_MS + 2_000

/** How a fault ends. */
export interface Struck {
  /** Before the stage may continue. */
  before?(): Promise<unknown>
  /** While the stage continues. */
  during?(): Promise<unknown>
  /** After the verdict. */
  after?(): Promise<unknown>
}

export type Strike = (on: ChaosSystem) => Promise<Struck>
/** A fault by the part that it strikes. */
export type Strikes = Readonly<Record<string, Strike>>

/** A process with all that it has started. */
const family = async (pid: number): Promise<number[]> => [pid, ...(await descendants(pid))]

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name)
    } catch {
      // It has ended meanwhile.
    }
}

export const workerOf = ({ workers }: ChaosSystem): Part => {
  const [worker] = workers
  if (worker === undefined) throw new Error('no worker was started')
  return worker
}

const trainerOf = (on: ChaosSystem): Promise<number> =>
  eventually('a trainer', async () => (await trainersBelow(workerOf(on).home))[0])

async function killServer({ pid, restart }: ChaosSystem['topology']['postgres']): Promise<Struck> {
  const all = await family(pid())
  process.kill(pid(), 'SIGKILL')
  for (const one of all) await waitForEnd(one, 10_000)
  return { before: restart }
}

export const KILL: Strikes = {
  async worker(on) {
    await workerOf(on).kill()
    return { before: () => on.startWorker() }
  },
  async 'decision service'(on) {
    await on.service().kill()
    return { before: on.startService }
  },
  Temporal: ({ topology }) => killServer(topology.temporal),
  PostgreSQL: ({ topology }) => killServer(topology.postgres),
  async trainer(on) {
    process.kill(await trainerOf(on), 'SIGKILL')
    return {}
  },
}

/** For longer than each time-out, as a virtual machine that is suspended. */
async function stopFor(pids: readonly number[]): Promise<Struck> {
  signal(pids, 'SIGSTOP')
  await pause(TOO_LONG_MS)
  return { before: async () => signal(pids, 'SIGCONT') }
}

export const STOP: Strikes = {
  /** Another worker takes over, and the first one continues after the verdict with what it was doing. */
  async worker(on) {
    const first = workerOf(on)
    signal([first.pid], 'SIGSTOP')
    await on.startWorker()
    return {
      async after() {
        signal([first.pid], 'SIGCONT')
        await pause(1_000)
        await first.end()
      },
    }
  },
  'decision service': async (on) => stopFor([on.service().pid]),
  Temporal: async ({ topology }) => stopFor([topology.temporal.pid()]),
  PostgreSQL: async ({ topology }) => stopFor(await family(topology.postgres.pid())),
  trainer: async (on) => {
    signal([await trainerOf(on)], 'SIGSTOP')
    return {}
  },
}
