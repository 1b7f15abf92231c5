/** A workflow whose activity can be cancelled by a signal while no worker has it; then it waits three days. */
import {
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
