/** Does one step more before the verdict is recorded: a change that shows at the very end of a history. */
import { sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      async scheduleActivity(input, next) {
        if (input.activityType === 'recordVerdict') await sleep(1)
        return next(input)
      },
    },
  ],
})
