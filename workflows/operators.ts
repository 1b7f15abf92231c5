/** Operators' words: each is answered, recorded, and either changes the run or says why it does not. */
import { setHandler } from '@temporalio/workflow'
import { breachSignal, type OperatorAnswer, operateUpdate, operatorSignals, stateQuery } from '../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../contracts/names.js'
import type { OperatorAction } from '../contracts/types.js'
import { shared } from './calls.js'
import { type ReleaseRun, runRef } from './run.js'
import { describe, POSSIBLE } from './visibility.js'

export function listenToOperators(run: ReleaseRun): void {
  setHandler(stateQuery, () => ({ ...run.state, actions: [...run.state.actions] }))
  setHandler(breachSignal, () => {
    // Elsewhere the wait is for something that a breach does not change.
    if (run.state.stage === 'canary' || run.state.stage === 'probation') run.interruptible?.cancel()
  })
  setHandler(operateUpdate, (action) => operate(run, action), {
    validator: (action) => {
      const problem = malformed(action)
      if (problem) throw new Error(problem)
    },
  })
  for (const name of OPERATOR_ACTIONS) {
    setHandler(operatorSignals[name], async (note) => {
      // From the Web UI anything can arrive; a signal without a name or reason is recorded as such, never dropped.
      const by = note?.by?.trim() || 'unnamed'
      const reason = note?.reason?.trim() || 'no reason given'
      await operate(run, { id: note?.id ?? `${name}:${by}:${reason}`, action: name, by, reason })
    })
  }
}

function malformed(action: OperatorAction | undefined): string | null {
  if (!action || !OPERATOR_ACTIONS.includes(action.action)) {
    return `action: "${action?.action}" is none of ${OPERATOR_ACTIONS.join(', ')}`
  }
  for (const field of ['id', 'by', 'reason'] as const) {
    if (typeof action[field] !== 'string' || action[field].trim() === '') return `${field}: must not be empty`
  }
  return null
}

async function operate(run: ReleaseRun, action: OperatorAction): Promise<OperatorAnswer> {
  const earlier = run.state.actions.find((known) => known.id === action.id)
  if (earlier) return { accepted: earlier.accepted, message: earlier.message }
  const answer = apply(run, action)
  run.state.actions = [...run.state.actions, { ...action, ...answer }]
  describe(run)
  // One after the other: the chain holds the actions in the order in which they took effect.
  const record = () =>
    shared(`Record ${action.action} by ${action.by}`).recordAction({ ...runRef(run), action, ...answer })
  run.recorded = run.recorded.then(record)
  await run.recorded
  return answer
}

/** Changes the run at once, so that an abort is in force before it is recorded. */
function apply(run: ReleaseRun, { action, by, reason }: OperatorAction): OperatorAnswer {
  const { state, requests } = run
  if (!POSSIBLE[state.stage].includes(action)) return refuse(run, action)
  const wake = () => run.interruptible?.cancel()
  switch (action) {
    case 'abort':
      requests.abort = { by, reason }
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
      if (state.paused) return { accepted: false, message: 'it is paused already' }
      state.paused = true
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

const accept = (message: string): OperatorAnswer => ({ accepted: true, message })

function refuse({ state }: ReleaseRun, action: OperatorActionName): OperatorAnswer {
  const possible = POSSIBLE[state.stage].join(', ') || 'nothing'
  return { accepted: false, message: `${action} is not possible in stage ${state.stage}; possible: ${possible}` }
}
