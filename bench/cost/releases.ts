/** A release of the no-op project, held by its gate, against a bare workflow with as many activities. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BARE_QUEUE, startBareWorker } from './bare/worker.js'
import type { Line, Measurement } from './measurement.js'
import { startNoop } from './noop-releases.js'
import { type Samples, sample } from './samples.js'
import { openNoopRegistry, openTemporal } from './servers.js'
import { withOpened } from './stack.js'
import { connectWorkers, startNoopWorkers, trainHere } from './workers.js'

/** recordTrigger, importSnapshot, trainCandidate, evaluateCandidate, recordVerdict. */
const ACTIVITIES = 5

export const releases: Measurement = {
  about: 'a release of a project that does nothing, against a bare workflow with as many activities',
  run: ({ small, say }) =>
    withOpened(async (opened) => {
      const registry = await openNoopRegistry(opened)
      await mkdir(join(registry.folder, 'work'))
      const { address, client } = await openTemporal(opened, registry.folder)
      const connection = await connectWorkers(opened, address)
      await startBareWorker(opened, connection)
      const stop = await startNoopWorkers(opened, connection, registry, trainHere)
      let started = 0
      const release = async () => {
        const workflowId = await startNoop(client, `noop-${started++}`)
        const { verdict } = await client.workflow.getHandle(workflowId).result()
        if (verdict !== 'held') throw new Error(`${workflowId} ended as ${verdict}; it must be held by its gate`)
      }
      const bare = async () => {
        const workflowId = `bare-${started++}`
        await client.workflow.execute('bare', { workflowId, taskQueue: BARE_QUEUE, args: [ACTIVITIES] })
      }
      await sample(small ? 5 : 30, 5, bare)
      await sample(small ? 5 : 30, 5, release)
      const lines: Line[] = []
      let alone = Number.NaN
      for (const atOnce of small ? [1, 10] : [1, 20, 200]) {
        const times = small ? atOnce * 2 : Math.max(50, atOnce * 3)
        const without = await sample(times, atOnce, bare)
        const ours = await sample(times, atOnce, release)
        say(`${atOnce} at once: measured`)
        if (atOnce === 1) alone = ours.p50
        lines.push(...linesOf(atOnce, ours, without))
      }
      await stop()
      await startNoopWorkers(opened, connection, registry)
      await release()
      const processes = await sample(small ? 3 : 20, 1, release)
      const crowd = await sample(small ? 5 : 40, 20, release)
      return [
        ...lines,
        {
          what: 'what the trainer’s process adds to a release, one at a time',
          value: processes.p50 - alone,
          unit: 'ms',
        },
        { what: 'releases with a trainer’s process, 20 at once', value: crowd.perSecond, unit: '/s' },
      ]
    }),
}

function linesOf(atOnce: number, ours: Samples, bare: Samples): Line[] {
  const alone = atOnce === 1
  const how = alone ? 'one at a time' : `${atOnce} at once`
  // Alone, a release waits for the disk: each commit and each artifact is durable before its activity ends.
  const [atMost, atLeast] = alone ? [{}, {}] : [{ atMost: 1.5 }, { atLeast: 0.7 }]
  return [
    { what: `bare workflow p50, ${how}`, value: bare.p50, unit: 'ms' },
    { what: `release p50, ${how}`, value: ours.p50, unit: 'ms' },
    { what: `release p50, of the bare workflow’s, ${how}`, value: ours.p50 / bare.p50, unit: '×', ...atMost },
    { what: `release p99, of the bare workflow’s, ${how}`, value: ours.p99 / bare.p99, unit: '×', ...atMost },
    { what: `releases, ${how}`, value: ours.perSecond, unit: '/s' },
    { what: `releases, of bare workflows, ${how}`, value: ours.perSecond / bare.perSecond, unit: '×', ...atLeast },
  ]
}
