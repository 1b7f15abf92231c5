/** Adds one step after everything else: a change that appears only at the end of a history. */
import { sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        const result = await next(input)
        await sleep(1)
        return result
      },
    },
  ],
})
