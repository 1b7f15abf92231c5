/** Operators' words: each is answered, recorded, and either changes the run or says why it does not. */
import { CancellationScope, setHandler, uuid4 } from '@temporalio/workflow'
import {
  breachSignal,
  type OperatorAnswer,
  operateUpdate,
  operatorSignals,
  productionMovedSignal,
  stateQuery,
  supersedeSignal,
  type Word,
} from '../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../contracts/names.js'
import { recordable } from '../contracts/text.js'
import { shared } from './calls.js'
import { type ReleaseRun, runRef } from './run.js'
import { endOf } from './stage-end.js'
import { describe, POSSIBLE } from './visibility.js'

/** In characters: each word goes through history, the chain and the Web UI's details. */
const LONGEST = 2_000

export function listenToOperators(run: ReleaseRun): void {
  setHandler(stateQuery, () => ({ ...run.state, actions: [...run.state.actions] }))
  setHandler(breachSignal, () => lookNow(run))
  setHandler(productionMovedSignal, () => lookNow(run))
  setHandler(operateUpdate, (action) => operate(run, action), {
    validator: (action) => {
      const problem = malformed(action)
      if (problem) throw new Error(problem)
    },
  })
  for (const name of OPERATOR_ACTIONS) {
    setHandler(operatorSignals[name], async (note) => {
      await operate(run, signalled(name, note))
    })
  }
  setHandler(supersedeSignal, async (note) => {
    await operate(run, signalled('supersede', note))
  })
}

/** What happened is in the registry, where the next look finds it. Elsewhere the wait is for something that this does not change. */
function lookNow({ state, interruptible }: ReleaseRun): void {
  if (state.stage === 'canary' || state.stage === 'probation') interruptible?.cancel()
}

/** From the Web UI anything can arrive; a signal without a name or reason is recorded as such, never dropped. */
function signalled(action: Word['action'], note: unknown): Word {
  const { by, reason, id } = (typeof note === 'string' ? { reason: note } : (note ?? {})) as Record<string, unknown>
  const said = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? recordable(String(value).trim().slice(0, LONGEST)) : ''
  return {
    // Without an id each is a word of its own: the same words after a resume mean another pause.
    id: said(id) || uuid4(),
    action,
    by: said(by) || 'unnamed',
    reason: said(reason) || 'no reason given',
  }
}

function malformed(action: Word | undefined): string | null {
  if (!action || !OPERATOR_ACTIONS.some((name) => name === action.action)) {
    return `action: "${action?.action}" is none of ${OPERATOR_ACTIONS.join(', ')}`
  }
  for (const field of ['id', 'by', 'reason'] as const) {
    const text = action[field]
    if (typeof text !== 'string' || text.trim() === '') return `${field}: must not be empty`
    if (text.length > LONGEST) return `${field}: must have at most ${LONGEST} characters`
    if (text !== recordable(text)) return `${field}: must not hold a NUL or half of a character`
  }
  return null
}

async function operate(run: ReleaseRun, { id, action, by, reason }: Word): Promise<OperatorAnswer> {
  const earlier = run.state.actions.find((known) => known.id === id)
  if (earlier) return { accepted: earlier.accepted, message: earlier.message }
  const word = { id, action, by, reason }
  const answer = apply(run, word)
  run.state.actions = [...run.state.actions, { ...word, ...answer }]
  describe(run)
  return await record(run, word, answer)
}

/**
 * One after the other: the chain holds the actions in the order in which they took effect. A word that took effect and cannot be
 * recorded is answered with why; thrown here it would end the workflow. Not cancelled with the workflow, for the same reason.
 */
async function record(run: ReleaseRun, action: Word, answer: OperatorAnswer): Promise<OperatorAnswer> {
  const { recordAction } = shared(`Record ${action.action} by ${action.by}`)
  const recording = run.recorded.then(() =>
    CancellationScope.nonCancellable(() => recordAction({ ...runRef(run), action, ...answer })),
  )
  run.recorded = recording.catch(() => {})
  try {
    await recording
    return answer
  } catch (error) {
    return { ...answer, message: `${answer.message} (not recorded: ${endOf(error).detail})` }
  }
}

/** Changes the run at once, so that an abort is in force before it is recorded. */
function apply(run: ReleaseRun, word: Word): OperatorAnswer {
  const { action, by, reason } = word
  const { state, requests } = run
  if (action === 'supersede') return supersede(run, word)
  if (!POSSIBLE[state.stage].includes(action)) return refuse(run, action)
  const wake = () => run.interruptible?.cancel()
  switch (action) {
    case 'abort':
      requests.abort = { by, reason, as: 'operator_abort' }
      wake()
      return accept(state.stage === 'probation' ? 'going back to the earlier production' : 'aborting')
    case 'promote':
      if (run.input.policy.manualPromote === 'never') {
        return { accepted: false, message: 'the policy does not allow promotion by hand (manualPromote: never)' }
      }
      requests.promote = { by, reason }
      wake()
      return accept('judging once more; promotes unless that shows harm or a breach')
    case 'pause':
      if (state.paused && !requests.promote) return { accepted: false, message: 'it is paused already' }
      state.paused = true
      // What a pause promises holds against a promotion that was asked for before it.
      requests.promote = null
      wake()
      return accept('paused: no wider step and no promotion until resumed; rollback stays armed')
    case 'resume':
      if (!state.paused) return { accepted: false, message: 'it is not paused' }
      state.paused = false
      wake()
      return accept('resumed')
    case 'extend':
      if (state.extensions >= run.input.policy.maxExtensions) {
        return { accepted: false, message: `all ${run.input.policy.maxExtensions} extensions of the policy are used` }
      }
      state.extensions += 1
      wake()
      return accept(`deadline extended by ${run.input.policy.extendBy}`)
  }
}

/** From the alias move on the newer candidate gets the lane, and this one keeps what it has earned. */
function supersede(run: ReleaseRun, { by, reason }: Word): OperatorAnswer {
  const { state, requests } = run
  if (state.stage === 'done') return { accepted: false, message: 'it has ended already' }
  const promoted = state.stage === 'promoting' || state.stage === 'probation'
  if (promoted) requests.endProbation = { by, reason }
  else requests.abort = { by, reason, as: 'superseded' }
  run.interruptible?.cancel()
  return accept(promoted ? 'its probation ends early; the promotion stays' : 'aborting for a newer candidate')
}

const accept = (message: string): OperatorAnswer => ({ accepted: true, message })

function refuse({ state }: ReleaseRun, action: OperatorActionName): OperatorAnswer {
  const possible = POSSIBLE[state.stage].join(', ') || 'nothing'
  return { accepted: false, message: `${action} is not possible in stage ${state.stage}; possible: ${possible}` }
}
