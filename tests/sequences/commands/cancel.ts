import { WorkflowNotFoundError } from '@temporalio/client'
import fc from 'fast-check'
import { pick } from '../model.js'
import { settle } from '../settle.js'
import { askState } from '../state.js'
import { type Step, step } from './command.js'

/** As the Web UI's button does, while the run waits: it must end as if aborted. */
export const cancelling: fc.Arbitrary<Step> = fc.nat(9).map((number) =>
  step(`cancel(run ${number})`, async (model, world) => {
    await settle(model, world)
    const workflowId = pick(model.runs, number)?.workflowId ?? ''
    const ended = (await askState(world, workflowId)).stage === 'done'
    try {
      await world.client.workflow.getHandle(workflowId).cancel()
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || !ended) throw error
    }
    if (!ended) model.cancelled.add(workflowId)
  }),
)
