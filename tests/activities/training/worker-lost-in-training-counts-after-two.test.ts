import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DevServer, devServer } from '../../support/dev-server.js'
import { entriesOf, eventually, pendingOf, resultOf } from '../../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../../support/worker-process.js'

let on: DevServer
let worker: WorkerProcess | undefined
beforeAll(async () => {
  on = await devServer()
})
afterAll(async () => {
  await worker?.kill()
  await on?.close()
})

it('two lost workers cost nothing, the third counts like a crash of the trainer', async () => {
  const id = await on.start('lost', { dayMs: 300, parameters: { hangs: 3 }, workerTimeoutMs: 5_000 })
  for (let lost = 1; lost <= 3; lost += 1) {
    worker = await startWorkerProcess(on.environment)
    await eventually('a trainer that hangs', async () => (await pendingOf(on, id))?.heartbeat?.epoch === lost)
    await worker.kill()
  }
  worker = await startWorkerProcess(on.environment)
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict: 'failed', reason: 'trainer_failed' })
  expect(result.detail).toContain('told to crash after hanging')
  const runs = await entriesOf(on, id, 'training_run')
  expect(runs.map(({ body }) => body.attempt)).toEqual([4, 5, 6])
})
