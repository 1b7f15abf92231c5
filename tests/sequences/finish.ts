import { DAY_MS } from '../../contracts/duration.js'
import { operate } from '../support/steer.js'
import { askState } from './ask-state.js'
import { checkStep } from './invariants/check-step.js'
import type { Model } from './sequence-model.js'
import { jump, settle } from './settle.js'
import type { SequenceSystem } from './system/sequence-system.js'

/** Enough for five runs, one after the other: each has at most twelve days of canary and two of probation. */
const MOST_JUMPS = 20
const JUMP_MS = 7 * DAY_MS

/** Lets time pass and resumes paused runs until every run has ended. */
export async function finish(model: Model, system: SequenceSystem): Promise<void> {
  for (let jumps = 0; jumps < MOST_JUMPS; jumps += 1) {
    await settle(model, system)
    const states = await Promise.all(model.runs.map(({ workflowId }) => askState(system, workflowId)))
    if (states.every(({ stage }) => stage === 'done')) break
    for (const [index, { paused, stage }] of states.entries()) {
      const workflowId = model.runs[index]?.workflowId
      if (!workflowId || !paused || stage !== 'canary') continue
      const id = `resume${model.actions.length}`
      const answer = await operate(system, workflowId, 'resume', { id })
      model.actions.push({ workflowId, action: 'resume', id, answer })
    }
    await jump(model, system, JUMP_MS)
  }
  await checkStep(model, system)
  for (const { workflowId } of model.runs) {
    const { stage, verdict, waitingFor } = await askState(system, workflowId)
    if (verdict === null) throw new Error(`${workflowId} does not end: ${stage}, ${waitingFor}`)
    const { status } = await system.client.workflow.getHandle(workflowId).describe()
    if (status.name !== 'COMPLETED') throw new Error(`${workflowId} is ${status.name} in Temporal`)
  }
}
