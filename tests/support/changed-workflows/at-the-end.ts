/** Does one step more when everything else is done: a change that shows at the very end of a history. */
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
