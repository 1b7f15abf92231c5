/** The task queues of a worker connect one after the other: an upgrade that begins meanwhile waits for the rest. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { makeCurrent } from '../../workers/upgrade.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { eventually } from '../support/steer.js'
import { testBundle } from '../support/workflow-bundle.js'

const DEPLOYMENT = 'queues'
const home = mkdtempSync(join(tmpdir(), 'slipway-queues-'))
let temporal: Awaited<ReturnType<typeof startTemporalDevServer>>
let connection: Connection
let native: NativeConnection
const endings: (() => Promise<void>)[] = []
beforeAll(async () => {
  quietRuntime()
  temporal = await startTemporalDevServer({ home, inMemory: true })
  connection = await Connection.connect({ address: temporal.address })
  native = await NativeConnection.connect({ address: temporal.address })
})
afterAll(async () => {
  for (const end of endings) await end()
  await native?.close()
  await connection?.close()
  await temporal?.stop()
  rmSync(home, { recursive: true, force: true })
})

/** @returns what ends the worker */
async function serve(buildId: string, taskQueue: string): Promise<() => Promise<void>> {
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await testBundle(),
    workerDeploymentOptions: {
      version: { deploymentName: DEPLOYMENT, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  })
  const running = worker.run()
  const end = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown()
    await running
  }
  endings.push(end)
  return end
}

it('a build whose second queue connects later becomes current, and one whose queue never connects is refused', async () => {
  const client = new Client({ connection })
  const { workflowService } = connection
  const version = { deploymentName: DEPLOYMENT, buildId: 'first' }
  await serve('first', 'shared')
  const endFirst = await serve('first', 'own')
  expect(await makeCurrent(client, version)).toBeNull()
  await endFirst()
  // Work waits in it, so that the server requires it of the next build.
  await client.workflow.start('unknown', { workflowId: 'waits', taskQueue: 'own' })
  await eventually('work that waits', async () => {
    const { stats } = await workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: 'own' },
      taskQueueType: 1,
      reportStats: true,
    })
    return Number(stats?.approximateBacklogCount ?? 0) > 0
  })

  await serve('second', 'shared')
  const next = { deploymentName: DEPLOYMENT, buildId: 'second' }
  await expect(makeCurrent(client, next, 1_500)).rejects.toThrow(
    /build second cannot become current: .*missing active task queues/,
  )
  const becoming = makeCurrent(client, next)
  await serve('second', 'own')
  expect(await becoming).toBe('first')
})
