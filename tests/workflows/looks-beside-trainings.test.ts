/** Three trainings on one worker: two compute, the third waits, and a canary is looked at meanwhile. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DevServer, devServer } from '../support/dev-server.js'
import { trainersBelow } from '../support/find-processes.js'
import { eventually, looksOf, operate, pendingOf, resultOf, startOver } from '../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'
import { LITTLE_TRAFFIC } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: DevServer
let worker: WorkerProcess | undefined
beforeAll(async () => {
  on = await devServer()
  worker = await startWorkerProcess(on.environment)
})
afterAll(async () => {
  await worker?.stop()
  if (on) await startOver(on)
  await on?.close()
})

const undecidable = { ...toyPolicy, deadline: '10000d', judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const endless = { epochs: 10_000, epochMs: 1_000 }

it('looks never wait behind trainings, of which two compute at once', async () => {
  const canary = await on.start('looked-at', { dayMs: 500, policy: undecidable, source: LITTLE_TRAFFIC })
  await eventually('a look', async () => (await looksOf(on, canary)).length > 0)
  const trainings: string[] = []
  for (const name of ['one', 'two', 'three', 'four']) {
    trainings.push(await on.start(`training-${name}`, { dayMs: 500, parameters: { ...endless, name } }))
  }
  const trainers = () => trainersBelow(worker?.workFolder ?? '')
  await eventually('two trainers at work', async () => (await trainers()).length === 2)
  await eventually('all of them to hold a slot', async () => {
    const pending = await Promise.all(trainings.map((id) => pendingOf(on, id)))
    return pending.every((one) => one !== undefined && !one.waits)
  })
  const looks = (await looksOf(on, canary)).length
  await eventually('three more looks', async () => (await looksOf(on, canary)).length >= looks + 3)
  expect(await trainers()).toHaveLength(2)
  // One that waits for a place is aborted at once, and one that computes gives its place to another.
  for (const id of trainings) {
    await operate(on, id, 'abort')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  }
  expect(await trainers()).toHaveLength(0)
})
