/** While a workflow's task fails, or Temporal is away, an abort is kept, shown, and obeyed as soon as it can be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type DevServer, devServer } from '../support/dev-server.js'
import { slipway } from '../support/slipway.js'
import { entriesOf, eventually, exposed, resultOf } from '../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'

const CHANGED = fileURLToPath(new URL('../support/changed-workflows/extra-step-at-start.ts', import.meta.url))
const logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }
const folder = mkdtempSync(join(tmpdir(), 'slipway-changed-'))

let on: DevServer
let worker: WorkerProcess | undefined
beforeAll(async () => {
  on = await devServer()
})
afterEach(() => worker?.kill())
afterAll(async () => {
  await on?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function inCanary(trigger: string): Promise<string> {
  worker = await startWorkerProcess(on.environment)
  const id = await on.start(trigger, { dayMs: 60_000 })
  await exposed(on, id)
  return id
}

const abort = (id: string, environment: Readonly<Record<string, string>> = {}) =>
  slipway(['release', 'abort', id, '--by', 'ana', '--reason', 'storm'], { ...on.environment, ...environment })

const recorded = async (id: string) =>
  (await entriesOf(on, id, 'operator_action')).map(({ body }) => [body.action, body.by, body.pending ?? body.accepted])

it('of a release whose workflow task keeps failing: Temporal keeps it, and the ledger shows it', async () => {
  const id = await inCanary('failing-task')
  await worker?.kill()
  const file = join(folder, 'bundle.js')
  const { code } = await bundleWorkflowCode({ workflowsPath: CHANGED, logger })
  writeFileSync(file, code)
  worker = await startWorkerProcess({ ...on.environment, SLIPWAY_WORKFLOW_BUNDLE: file })
  await on.client.workflow.getHandle(id).signal('breach')
  await eventually('a workflow task that failed', async () => {
    const { raw } = await on.client.workflow.getHandle(id).describe()
    return (raw.pendingWorkflowTask?.attempt ?? 0) > 1
  })
  const attention = await slipway(['release', 'list', '--needs-attention', '--json'], on.environment)
  expect(JSON.parse(attention.stdout)).toEqual([
    expect.objectContaining({
      workflowId: id,
      why: 'workflow_failing',
      text: expect.stringMatching(/^its workflow task has failed \d+ times: .*[Nn]ondeterminis/),
    }),
  ])
  const { code: exit, stderr } = await abort(id)
  expect(exit).toBe(1)
  expect(stderr).toContain('Temporal keeps the abort')
  expect(await recorded(id)).toEqual([['abort', 'ana', 'sent']])
  const shown = await slipway(['release', 'show', id], on.environment)
  expect(shown.stdout).toContain('abort by ana (storm): sent; the release has not answered yet')

  await worker.kill()
  worker = await startWorkerProcess(on.environment)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect(await recorded(id)).toEqual([
    ['abort', 'ana', 'sent'],
    ['abort', 'ana', true],
  ])
})

it('while Temporal does not answer: the ledger keeps it, and a worker sends it', async () => {
  const id = await inCanary('temporal-away')
  const { code, stderr } = await abort(id, { TEMPORAL_ADDRESS: '127.0.0.1:1' })
  expect(code).toBe(1)
  expect(stderr).toContain(`the abort of ${id} is kept in the ledger`)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect(await recorded(id)).toEqual([
    ['abort', 'ana', 'kept'],
    ['abort', 'ana', true],
  ])
})
