import { WorkflowNotFoundError } from '@temporalio/client'
import fc from 'fast-check'
import { askState } from '../ask-state.js'
import { pick } from '../sequence-model.js'
import { settle } from '../settle.js'
import { type Step, step } from './step.js'

/** Cancels as the Web UI does, while the run waits: the run must end as if it was aborted. */
export const cancelling: fc.Arbitrary<Step> = fc.nat(9).map((number) =>
  step(`cancel(run ${number})`, async (model, system) => {
    await settle(model, system)
    const workflowId = pick(model.runs, number)?.workflowId ?? ''
    const ended = (await askState(system, workflowId)).stage === 'done'
    try {
      await system.client.workflow.getHandle(workflowId).cancel()
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || !ended) throw error
    }
    if (!ended) model.cancelled.add(workflowId)
  }),
)
