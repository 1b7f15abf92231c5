import { DAY_MS } from '../../contracts/duration.js'
import { operate } from '../support/steer.js'
import { checkStep } from './invariants/index.js'
import type { Model } from './model.js'
import { jump, settle } from './settle.js'
import { askState } from './state.js'
import type { World } from './world/world.js'

/** Five runs, one after the other: each at most twelve days of canary and two of probation. */
const MOST_JUMPS = 20
const JUMP_MS = 7 * DAY_MS

/** Every run ends: time passes, and whoever was paused is resumed. */
export async function finish(model: Model, world: World): Promise<void> {
  for (let jumps = 0; jumps < MOST_JUMPS; jumps += 1) {
    await settle(model, world)
    const states = await Promise.all(model.runs.map(({ workflowId }) => askState(world, workflowId)))
    if (states.every(({ stage }) => stage === 'done')) break
    for (const [index, { paused, stage }] of states.entries()) {
      const workflowId = model.runs[index]?.workflowId
      if (!workflowId || !paused || stage !== 'canary') continue
      const id = `resume${model.words.length}`
      const answer = await operate(world, workflowId, 'resume', { id })
      model.words.push({ workflowId, action: 'resume', id, answer })
    }
    await jump(model, world, JUMP_MS)
  }
  await checkStep(model, world)
  for (const { workflowId } of model.runs) {
    const { stage, verdict, waitingFor } = await askState(world, workflowId)
    if (verdict === null) throw new Error(`${workflowId} never ends: ${stage}, ${waitingFor}`)
    const { status } = await world.client.workflow.getHandle(workflowId).describe()
    if (status.name !== 'COMPLETED') throw new Error(`${workflowId} is ${status.name} in Temporal`)
  }
}
