import { WorkflowNotFoundError } from '@temporalio/client'
import fc from 'fast-check'
import { SlipwayError } from '../../../contracts/failure.js'
import { rollbackKey } from '../../../contracts/ledger/index.js'
import { productionMovedSignal } from '../../../contracts/messages.js'
import { rollBack } from '../../../releases/roll-back.js'
import { type Step, step } from './step.js'

/** By an operator, at any time. Open runs are signalled, or notice it at their next look. */
export const rollingBack: fc.Arbitrary<Step> = fc.boolean().map((signalled) =>
  step(`rollback(${signalled ? 'signalled' : 'unsignalled'})`, async (model, system) => {
    const { client, registry, artifacts, project } = system
    const id = `r${model.rollbacks.length}`
    const request = { by: 'bo', reason: `going back, ${id}` }
    model.rollbacks.push(request)
    if (!signalled) model.unsignalled.add(rollbackKey(id))
    try {
      const { concerned } = await rollBack({ registry, artifacts }, { project, id, ...request })
      if (!signalled) return
      for (const workflowId of concerned) {
        const signalling = client.workflow.getHandle(workflowId).signal(productionMovedSignal)
        await signalling.catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error
        })
      }
    } catch (error) {
      // There is no earlier production release, or a run moved production first.
      if (!(error instanceof SlipwayError) || !['BadRequest', 'AliasMoved'].includes(error.type)) throw error
    }
  }),
)
