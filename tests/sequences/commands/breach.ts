import { WorkflowNotFoundError } from '@temporalio/client'
import fc from 'fast-check'
import { eventNow } from '../../../contracts/clock.js'
import { breachSignal } from '../../../contracts/messages.js'
import { askState } from '../ask-state.js'
import { pick } from '../sequence-model.js'
import { type Step, step } from './step.js'

/** Recorded as a monitor records it, a moment after it fired; the signal to the run may be lost. */
export const breaching: fc.Arbitrary<Step> = fc
  .record({
    run: fc.nat(9),
    power: fc.constantFrom('pause', 'rollback'),
    arm: fc.constantFrom('canary', 'canary', 'production', 'holdback'),
    agoMs: fc.constantFrom(0, 1_000, 60_000),
    signalled: fc.boolean(),
  })
  .map((breach) =>
    step(`breach(${JSON.stringify(breach)})`, async (model, system) => {
      const { client, registry, clock, project } = system
      const run = pick(model.runs, breach.run)
      if (!run) return
      const { workflowId } = run
      const { stage } = await askState(system, workflowId)
      if (stage !== 'canary' && stage !== 'probation') return
      const { power, arm } = breach
      const at = new Date(eventNow(run.clock, await clock.tick()) - breach.agoMs).toISOString()
      const key = `${workflowId}:breach:latency:${arm}:${at}`
      const body = { signal: 'latency', arm, value: 2, threshold: 1, power, at }
      await registry.ledger.append({ project, kind: 'breach', subject: workflowId, key, body })
      if (!breach.signalled) return
      await client.workflow
        .getHandle(workflowId)
        .signal(breachSignal)
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error
        })
    }),
  )
