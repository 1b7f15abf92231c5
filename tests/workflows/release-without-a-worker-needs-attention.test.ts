/** Without a worker a release is known to every command at once, and what stands still is named with its cause. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { attentionWithClosedRuns } from '../../releases/closed-runs.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { slipway } from '../support/slipway.js'
import { eventually, exposed, resultOf } from '../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'

let on: DevServer
let worker: WorkerProcess | undefined
beforeAll(async () => {
  on = await devServer()
})
afterEach(() => worker?.kill())
afterAll(() => on?.close())

const TEN_MINUTES = 600_000

const attention = (id: string) =>
  attentionWithClosedRuns(on.registry, {
    now: Date.now() + TEN_MINUTES,
    project: 'toy',
    withClient: (work) => work(on.client),
    onUnavailable: (error) => {
      throw error
    },
  }).then((all) => all.filter(({ workflowId }) => workflowId === id))

const json = async (...args: string[]) => JSON.parse((await slipway([...args, '--json'], on.environment)).stdout)

it('started while no worker runs: list, show and abort know it, and no worker is the cause', async () => {
  const id = await on.start('unserved', { dayMs: 1_000 })
  const row = { workflowId: id, project: 'toy', stage: 'validating', verdict: null, unrecorded: true }
  await eventually('the release in the list', async () => {
    const runs: { workflowId: string }[] = await json('release', 'list')
    const found = runs.find(({ workflowId }) => workflowId === id)
    if (found) expect(found).toMatchObject(row)
    return found
  })
  expect(await json('release', 'show', id)).toMatchObject({ ...row, entries: [] })
  expect(await attention(id)).toEqual([
    expect.objectContaining({ why: 'no_worker', text: expect.stringContaining('no worker of task queue slipway ') }),
  ])
  const aborted = await slipway(['release', 'abort', id, '--by', 'ana', '--reason', 'storm'], on.environment)
  expect(aborted.code).toBe(1)
  expect(aborted.stderr).toContain('Temporal keeps the abort')
  worker = await startWorkerProcess(on.environment)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  const runs: { workflowId: string }[] = await json('release', 'list')
  expect(runs.filter(({ workflowId }) => workflowId === id)).toMatchObject([{ verdict: 'aborted' }])
})

it('whose project has no worker any more: the task queue is named', async () => {
  worker = await startWorkerProcess(on.environment)
  const id = await on.start('project-without-worker', { dayMs: 60_000 })
  await exposed(on, id)
  await worker.kill()
  expect(await attention(id)).toEqual([
    expect.objectContaining({
      why: 'no_worker',
      text: expect.stringContaining('no worker of task queue slipway-toy has taken watchExposure for'),
    }),
  ])
})
