/**
 * Of the test equipment: what the time-skipping server does wrong must not stop a run that the real server continues.
 */
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { type NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openCancelledActivityRelay } from '../support/cancelled-activity-relay.js'
import { stop } from '../support/cancelled-workflow/workflow.js'
import { closeable } from '../support/harness.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { eventually } from '../support/steer.js'
import { startEnvironment } from '../support/time-skipping.js'

const workflowsPath = fileURLToPath(new URL('../support/cancelled-workflow/workflow.ts', import.meta.url))

let on: { env: TestWorkflowEnvironment; connection: NativeConnection; close(): Promise<void> }
beforeAll(async () => {
  quietRuntime()
  on = await closeable(async (opened) => {
    const env = await startEnvironment()
    opened.push(() => env.teardown())
    const relay = await openCancelledActivityRelay(env)
    opened.push(() => relay.close())
    return { env, connection: relay.nativeConnection }
  })
})
afterAll(() => on?.close())

async function works(options: Parameters<typeof Worker.create>[0]) {
  const worker = await Worker.create({ connection: on.connection, ...options })
  const ended = worker.run()
  return async () => {
    worker.shutdown()
    await ended
  }
}

it('time still passes after an activity was cancelled while it waited for a worker', async () => {
  const stopWorkflows = await works({ taskQueue: 'workflows', workflowsPath })
  const handle = await on.env.client.workflow.start('cancelledWhileItWaits', {
    taskQueue: 'workflows',
    workflowId: 'a',
  })
  await eventually('an activity that waits', async () => {
    const { raw } = await handle.describe()
    return (raw.pendingActivities ?? []).length > 0
  })
  await handle.signal(stop)
  await eventually('its cancellation', async () => ((await handle.describe()).raw.pendingActivities ?? []).length === 0)
  // The cancelled task is still in the queue; its worker comes late, as on a busy machine.
  const stopActivities = await works({ taskQueue: 'unserved', activities: { unserved: async () => {} } })
  expect(await handle.result()).toBe('three days later')
  await stopActivities()
  await stopWorkflows()
})

it('a run continues after its activity failed while its cancellation was requested', async () => {
  const stopWorkflows = await works({ taskQueue: 'workflows', workflowsPath })
  const steps = new EventEmitter()
  const running = once(steps, 'running')
  const failing = async () => {
    steps.emit('running')
    await once(steps, 'fail')
    throw new Error('would be tried again')
  }
  const stopActivities = await works({ taskQueue: 'unserved', activities: { failing } })
  const handle = await on.env.client.workflow.start('cancelledWhileItRuns', { taskQueue: 'workflows', workflowId: 'b' })
  await running
  await handle.signal(stop)
  await eventually('the request', async () =>
    ((await handle.fetchHistory()).events ?? []).some((event) => event.activityTaskCancelRequestedEventAttributes),
  )
  steps.emit('fail')
  expect(await handle.result()).toBe('it ended')
  await stopActivities()
  await stopWorkflows()
})
