import { fileURLToPath } from 'node:url'
import { type NativeConnection, Worker } from '@temporalio/worker'
import type { Opened } from '../stack.js'
import { bareActivities } from './activities.js'

export const BARE_QUEUE = 'bare'

/** With the options of the SDK, beside the workers of Slipway in the same process. */
export async function startBareWorker(opened: Opened, connection: NativeConnection): Promise<void> {
  const worker = await Worker.create({
    connection,
    taskQueue: BARE_QUEUE,
    workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
    activities: bareActivities,
  })
  const running = worker.run()
  running.catch(() => {})
  opened.push(async () => {
    worker.shutdown()
    await running
  })
}
