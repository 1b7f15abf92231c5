import { WorkflowNotFoundError } from '@temporalio/client'
import fc from 'fast-check'
import { SlipwayError } from '../../../contracts/failure.js'
import { rollbackKey } from '../../../contracts/ledger/index.js'
import { productionMovedSignal } from '../../../contracts/messages.js'
import { rollBack } from '../../../releases/roll-back.js'
import { type Step, step } from './command.js'

/** By hand, at any time; runs in flight are told, or find out at their next look. */
export const rollingBack: fc.Arbitrary<Step> = fc.boolean().map((told) =>
  step(`rollback(${told ? 'told' : 'untold'})`, async (model, { client, registry, artifacts, project }) => {
    const id = `r${model.rollbacks.length}`
    const words = { by: 'bo', reason: `going back, ${id}` }
    model.rollbacks.push(words)
    if (!told) model.untold.add(rollbackKey(id))
    try {
      const { concerned } = await rollBack({ registry, artifacts }, { project, id, ...words })
      if (!told) return
      for (const workflowId of concerned) {
        const telling = client.workflow.getHandle(workflowId).signal(productionMovedSignal)
        await telling.catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error
        })
      }
    } catch (error) {
      // Nothing to go back to, or a run was faster.
      if (!(error instanceof SlipwayError) || !['BadRequest', 'AliasMoved'].includes(error.type)) throw error
    }
  }),
)
