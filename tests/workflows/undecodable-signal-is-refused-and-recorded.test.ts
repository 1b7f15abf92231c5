/** One payload that cannot be decoded used to fail every later workflow task: no query, update or abort was heard. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CONDITION_WORKFLOW, RELEASE_WORKFLOW, SCHEDULED_WORKFLOW, TASK_QUEUE } from '../../contracts/names.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { type RawPayload, signalRaw } from '../support/raw-payloads.js'
import { slipway } from '../support/slipway.js'
import {
  entriesOf,
  eventually,
  exposed,
  operate,
  requireTasksOf,
  resultOf,
  stateOf,
  whileTasksSucceed,
} from '../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'

let on: DevServer
let worker: WorkerProcess
beforeAll(async () => {
  on = await devServer()
  worker = await startWorkerProcess(on.environment)
})
afterAll(async () => {
  await worker?.kill()
  await on?.close()
})

const json = { encoding: 'json/plain', text: '{"by":"ana","reason":"storm"}' }
const protobuf = { ...json, encoding: 'json/protobuf' }
const encrypted = { encoding: 'binary/encrypted', text: '\u0001\u0002' }
const damaged = { encoding: 'json/plain', text: '{"by":' }

it('a release that gets them answers, records each as refused, and can be aborted', async () => {
  const id = await on.start('undecodable', { dayMs: 60_000 })
  await exposed(on, id)
  const sent: readonly [string, readonly RawPayload[]][] = [
    ['abort', [protobuf]],
    ['promote', [encrypted]],
    ['pause', [damaged]],
    ['supersede', [protobuf]],
    ['Stop', [encrypted]],
    ['extend', [json, protobuf]],
    ['breach', [encrypted]],
    ['productionMoved', [encrypted]],
  ]
  for (const [name, payloads] of sent) await signalRaw(on.client, id, name, payloads)
  const recorded = await eventually('six refused actions', async () => {
    await requireTasksOf(on, id)
    const bodies = (await entriesOf(on, id, 'operator_action')).map(({ body }) => body)
    return bodies.length === 6 && bodies
  })
  expect(recorded.map(({ action, accepted }) => [action, accepted])).toEqual([
    ['abort', false],
    ['promote', false],
    ['pause', false],
    ['supersede', false],
    ['stop', false],
    ['extend', false],
  ])
  expect(recorded[0]?.message).toContain('a payload of encoding "json/protobuf" cannot be decoded')
  expect(recorded[1]?.message).toContain('"binary/encrypted"')
  expect(recorded[5]).toMatchObject({ by: 'ana', reason: 'storm' })

  expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', paused: false, extensions: 0 })
  expect(await operate(on, id, 'pause')).toMatchObject({ accepted: true })
  const aborted = await slipway(['release', 'abort', id, '--by', 'ana', '--reason', 'storm'], on.environment)
  expect(aborted.code).toBe(0)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
})

it('an update with one is refused, and the release continues', async () => {
  const id = await on.start('undecodable-update', { dayMs: 60_000 })
  await exposed(on, id)
  const sent = on.client.workflowService.updateWorkflowExecution({
    namespace: on.client.options.namespace,
    workflowExecution: { workflowId: id },
    waitPolicy: { lifecycleStage: 3 },
    request: {
      meta: { updateId: 'raw', identity: 'test' },
      input: {
        name: 'operate',
        args: { payloads: [{ metadata: { encoding: Buffer.from('json/protobuf') }, data: Buffer.from('{}') }] },
      },
    },
  })
  const updated = await whileTasksSucceed(on, id, sent)
  expect(updated.outcome?.failure?.message).toContain('a payload of encoding "json/protobuf" cannot be decoded')
  expect(await operate(on, id, 'abort')).toMatchObject({ accepted: true })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
})

it.each([RELEASE_WORKFLOW, SCHEDULED_WORKFLOW, CONDITION_WORKFLOW])(
  'the workflow %s started with one fails at once and says why',
  async (type) => {
    const workflowId = `undecodable-input-${type}`
    await on.client.workflowService.startWorkflowExecution({
      namespace: on.client.options.namespace,
      workflowId,
      requestId: workflowId,
      workflowType: { name: type },
      taskQueue: { name: TASK_QUEUE },
      input: {
        payloads: [{ metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('x') }],
      },
    })
    const ended = whileTasksSucceed(on, workflowId, on.client.workflow.getHandle(workflowId).result())
    await expect(ended.catch((error: Error) => Promise.reject(error.cause))).rejects.toThrow(
      'a payload of encoding "binary/encrypted" cannot be decoded',
    )
  },
)
