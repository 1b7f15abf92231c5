import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import fc from 'fast-check'
import { type OperatorAnswer, operateUpdate } from '../../../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../../../contracts/names.js'
import { askState } from '../ask-state.js'
import { pick } from '../sequence-model.js'
import type { SequenceSystem } from '../system/sequence-system.js'
import { type Step, step } from './step.js'

/** Malformed input that a signal from the Web UI can carry. */
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

const NOTES = ['valid', 'valid', 'valid', 'valid', 'again', ...Object.keys(MALFORMED)] as const

/** An abort ends the run, so it is drawn half as often as the others. */
const ACTIONS: OperatorActionName[] = [...OPERATOR_ACTIONS, 'promote', 'pause', 'resume', 'extend']

export const operating: fc.Arbitrary<Step> = fc
  .record({
    run: fc.nat(9),
    action: fc.constantFrom(...ACTIONS),
    note: fc.constantFrom(...NOTES),
    // The name of a signal may be in capitals, as typed in the Web UI.
    how: fc.constantFrom('an update', 'an update', 'a signal', 'a signal', 'a SIGNAL'),
    // `test` starts each release; `ana` is another person.
    by: fc.constantFrom('ana', 'ana', 'test'),
  })
  .map(({ run, action, note, how, by }) =>
    step(`operate(${action}, run ${run}, ${note}, by ${by} in ${how})`, async (model, system) => {
      const workflowId = pick(model.runs, run)?.workflowId
      if (!workflowId) return
      const earlier = model.actions.filter((one) => one.workflowId === workflowId && one.id !== null)
      const id = (note === 'again' ? pick(earlier, run)?.id : null) ?? `w${model.actions.length}`
      const valid = note === 'valid' || note === 'again'
      const input = valid ? { id, by, reason: 'part of the sequence' } : MALFORMED[note as keyof typeof MALFORMED]
      const name = how === 'a SIGNAL' ? action.toUpperCase() : action
      const result =
        how === 'an update'
          ? await operate(system, workflowId, action, input, valid)
          : await signal(system, workflowId, name, input)
      if (result === 'refused') return
      // With the id of another action it counts as a separate action.
      const copied = earlier.some((one) => one.id === id && one.action !== action)
      const recordedId = copied ? `${id}:${action}` : id
      const first = earlier.find((one) => one.id === recordedId)
      if (first?.answer && result !== 'sent' && first.answer.message !== result.message) {
        throw new Error(`${recordedId} was answered "${first.answer.message}", and then "${result.message}"`)
      }
      const answer = result === 'sent' ? null : result
      model.actions.push({ workflowId, action, id: valid ? recordedId : null, answer })
    }),
  )

/** @returns `refused` when it changed nothing because it was malformed or too late */
async function operate(
  system: SequenceSystem,
  workflowId: string,
  action: OperatorActionName,
  input: unknown,
  valid: boolean,
) {
  const request = { ...(typeof input === 'object' ? input : {}), action }
  try {
    const handle = system.client.workflow.getHandle(workflowId)
    const answer = (await handle.executeUpdate(operateUpdate, { args: [request as never] })) as OperatorAnswer
    if (!valid) throw new RangeError(`a malformed ${action} was accepted: ${answer.message}`)
    return answer
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return requireDone(system, workflowId)
    if (error instanceof WorkflowUpdateFailedError && (!valid || (await isDone(system, workflowId)))) return 'refused'
    throw error
  }
}

async function signal(system: SequenceSystem, workflowId: string, name: string, input: unknown) {
  try {
    const handle = system.client.workflow.getHandle(workflowId)
    await handle.signal(name, ...(input === undefined ? [] : [input]))
    return 'sent' as const
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return requireDone(system, workflowId)
    throw error
  }
}

const isDone = async (system: SequenceSystem, workflowId: string) =>
  (await askState(system, workflowId)).stage === 'done'

async function requireDone(system: SequenceSystem, workflowId: string) {
  if (await isDone(system, workflowId)) return 'refused' as const
  throw new Error(`${workflowId} was not found, but it has not ended`)
}
