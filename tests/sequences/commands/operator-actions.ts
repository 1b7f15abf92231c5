import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import fc from 'fast-check'
import { type OperatorAnswer, operateUpdate } from '../../../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../../../contracts/names.js'
import { pick } from '../model.js'
import { askState } from '../state.js'
import type { World } from '../world/world.js'
import { type Step, step } from './command.js'

/** What anybody can put into a signal from the Web UI, besides what is asked for. */
const MALFORMED = {
  nothing: undefined,
  text: 'storm',
  number: 7,
  no: null,
  list: ['a', 'b'],
  numbers: { by: 3, reason: { why: 'storm' } },
  blank: { by: ' ', reason: '' },
  long: { by: 'b'.repeat(5_000), reason: 'r'.repeat(5_000) },
  nul: { by: 'a\0b', reason: 'half \uD800' },
} as const

const NOTES = ['whole', 'whole', 'whole', 'whole', 'again', ...Object.keys(MALFORMED)] as const

/** Aborts end a sequence's run: half as often as the rest. */
const ACTIONS: OperatorActionName[] = [...OPERATOR_ACTIONS, 'promote', 'pause', 'resume', 'extend']

export const saying: fc.Arbitrary<Step> = fc
  .record({
    run: fc.nat(9),
    action: fc.constantFrom(...ACTIONS),
    note: fc.constantFrom(...NOTES),
    // A signal's name may be typed in capitals, as in the Web UI.
    how: fc.constantFrom('an update', 'an update', 'a signal', 'a signal', 'a SIGNAL'),
    // Who started each release, or another.
    by: fc.constantFrom('ana', 'ana', 'test'),
  })
  .map(({ run, action, note, how, by }) =>
    step(`say(${action}, run ${run}, ${note}, by ${by} in ${how})`, async (model, world) => {
      const workflowId = pick(model.runs, run)?.workflowId
      if (!workflowId) return
      const earlier = model.words.filter((word) => word.workflowId === workflowId && word.id !== null)
      const id = (note === 'again' ? pick(earlier, run)?.id : null) ?? `w${model.words.length}`
      const good = note === 'whole' || note === 'again'
      const words = good ? { id, by, reason: 'the sequence says so' } : MALFORMED[note as keyof typeof MALFORMED]
      const name = how === 'a SIGNAL' ? action.toUpperCase() : action
      const said =
        how === 'an update'
          ? await operate(world, workflowId, action, words, good)
          : await signal(world, workflowId, name, words)
      if (said === 'refused') return
      // With the id of another action it is a word of its own.
      const copied = earlier.some((word) => word.id === id && word.action !== action)
      const heardAs = copied ? `${id}:${action}` : id
      const first = earlier.find((word) => word.id === heardAs)
      if (first?.answer && said !== 'sent' && first.answer.message !== said.message) {
        throw new Error(`${heardAs} was answered "${first.answer.message}", and then "${said.message}"`)
      }
      const answer = said === 'sent' ? null : said
      model.words.push({ workflowId, action, id: good ? heardAs : null, answer })
    }),
  )

/** @returns `refused` where it changed nothing and said why: malformed, or too late */
async function operate(world: World, workflowId: string, action: OperatorActionName, words: unknown, good: boolean) {
  const action_ = { ...(typeof words === 'object' ? words : {}), action }
  try {
    const handle = world.client.workflow.getHandle(workflowId)
    const answer = (await handle.executeUpdate(operateUpdate, { args: [action_ as never] })) as OperatorAnswer
    if (!good) throw new RangeError(`a malformed ${action} was taken: ${answer.message}`)
    return answer
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return requireDone(world, workflowId)
    if (error instanceof WorkflowUpdateFailedError && (!good || (await isDone(world, workflowId)))) return 'refused'
    throw error
  }
}

async function signal(world: World, workflowId: string, name: string, words: unknown) {
  try {
    const handle = world.client.workflow.getHandle(workflowId)
    await handle.signal(name, ...(words === undefined ? [] : [words]))
    return 'sent' as const
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return requireDone(world, workflowId)
    throw error
  }
}

const isDone = async (world: World, workflowId: string) => (await askState(world, workflowId)).stage === 'done'

async function requireDone(world: World, workflowId: string) {
  if (await isDone(world, workflowId)) return 'refused' as const
  throw new Error(`${workflowId} is not found, and has not ended`)
}
