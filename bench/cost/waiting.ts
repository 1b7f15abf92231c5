/**
 * Thousands of releases that wait: memory of the worker that serves them, and how soon a signal is obeyed after the
 * worker was killed. They wait for a worker of their project: like a canary between two looks they hold one scheduled
 * activity and nothing else.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { residentMb } from '../serving/process-usage.js'
import { end, untilLine } from './child-process.js'
import type { Measurement } from './measurement.js'
import { startNoop } from './noop-releases.js'
import { sample } from './samples.js'
import { openNoopRegistry, openTemporal } from './servers.js'
import { withOpened } from './stack.js'

const WORKER = fileURLToPath(new URL('../../workers/main.ts', import.meta.url))
const PROJECT = fileURLToPath(new URL('./noop-project', import.meta.url))
const STALLED_MS = 60_000

export const waiting: Measurement = {
  about: 'memory of a worker with waiting releases, and the first signal after kill -9 of it',
  run: ({ small, say }) =>
    withOpened(async (opened) => {
      const count = small ? 100 : 5_000
      const { folder, databaseUrl, artifactsFolder } = await openNoopRegistry(opened)
      const { address, client } = await openTemporal(opened, folder)
      const home = join(folder, 'home')
      await mkdir(home)
      const environment = {
        TEMPORAL_ADDRESS: address,
        SLIPWAY_DATABASE_URL: databaseUrl,
        SLIPWAY_ARTIFACTS: artifactsFolder,
        SLIPWAY_HOME: home,
        SLIPWAY_PROJECTS: PROJECT,
        SLIPWAY_TASK_QUEUES: 'slipway',
      }
      const startWorker = async () => {
        const args = [fileURLToPath(new URL('../../bin/run.js', import.meta.url)), WORKER]
        const { child } = await untilLine(args, environment, (line) => line === 'worker ready')
        opened.push(() => end(child, 'SIGKILL'))
        return { child }
      }
      const database = new pg.Client({ connectionString: databaseUrl })
      await database.connect()
      opened.push(() => database.end())
      const entries = async (kind: string) => {
        const { rows } = await database.query<{ n: string }>(
          'select count(*) as n from chain_entries where kind = $1',
          [kind],
        )
        return Number(rows[0]?.n)
      }
      const until = async (kind: string, wanted: number, everyMs: number) => {
        let [found, since] = [0, Date.now()]
        while (found < wanted) {
          await pause(everyMs)
          const now = await entries(kind)
          if (now > found) [found, since] = [now, Date.now()]
          if (Date.now() - since > STALLED_MS) throw new Error(`still ${found} of ${wanted} entries ${kind}`)
        }
      }
      const { child: first } = await startWorker()
      const idle = residentMb(first.pid ?? 0)
      const begun = await sample(count, 50, (time) => startNoop(client, `waits-${time}`))
      await until('trigger', count, 200)
      say(`${count} releases wait, started at ${begun.perSecond.toFixed(0)} a second`)
      await pause(2_000)
      const resident = residentMb(first.pid ?? 0)
      let aborted = 0
      const abort = async (release: number) => {
        const began = performance.now()
        await client.workflow
          .getHandle(`release/noop/waits-${release}`)
          .signal('abort', { by: 'bench', reason: 'bench' })
        await until('verdict', ++aborted, 5)
        return performance.now() - began
      }
      const cached = await abort(count - 1)
      const uncached = await abort(0)
      // It runs already, as in an installation with two workers. Temporal gives tasks of a cached release to the worker
      // that was killed first, until its sticky queue's time-out.
      const { child: second } = await startWorker()
      await end(first, 'SIGKILL')
      const afterKill = await abort(count - 2)
      const laterMs: number[] = []
      for (let later = 3; later < 8; later += 1) laterMs.push(await abort(count - later))
      return [
        { what: `worker before any release`, value: idle, unit: 'MB' },
        { what: `worker with ${count} waiting releases`, value: resident, unit: 'MB', atMost: 600 },
        { what: 'signal to verdict, of a release in the cache', value: cached, unit: 'ms' },
        { what: 'signal to verdict, of a release that is replayed first', value: uncached, unit: 'ms' },
        {
          what: 'first signal to verdict after kill -9 of one of two workers',
          value: afterKill,
          unit: 'ms',
          atMost: 2_000,
        },
        { what: 'slowest of the five signals after it', value: Math.max(...laterMs), unit: 'ms', atMost: 2_000 },
        { what: 'the other worker after them', value: residentMb(second.pid ?? 0), unit: 'MB', atMost: 600 },
      ]
    }),
}
