/** Workflows whose activity can be cancelled by a signal: while no worker has it, and while it runs and then fails. */
import {
  ActivityCancellationType,
  CancellationScope,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow'

const { unserved } = proxyActivities<{ unserved(): Promise<void> }>({
  taskQueue: 'unserved',
  startToCloseTimeout: '1 minute',
})

export const stop = defineSignal('stop')

export async function cancelledWhileItWaits(): Promise<string> {
  const scope = new CancellationScope()
  setHandler(stop, () => scope.cancel())
  try {
    await scope.run(() => unserved())
  } catch (error) {
    if (!isCancellation(error)) throw error
  }
  await sleep('3 days')
  return 'three days later'
}

const { failing } = proxyActivities<{ failing(): Promise<void> }>({
  taskQueue: 'unserved',
  startToCloseTimeout: '1 minute',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
})

/** Ends when the server has recorded how the cancelled activity ended. */
export async function cancelledWhileItRuns(): Promise<string> {
  const scope = new CancellationScope()
  setHandler(stop, () => scope.cancel())
  try {
    return await scope.run(async () => {
      await failing()
      return 'it ran'
    })
  } catch {
    return 'it ended'
  }
}
