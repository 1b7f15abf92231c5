/** Operator actions: each is answered and recorded, and either changes the run or is refused with a reason. */
import { CancellationScope, patched, setDefaultSignalHandler, setHandler } from '@temporalio/workflow'
import {
  breachSignal,
  type OperatorAnswer,
  operateUpdate,
  operatorSignals,
  productionMovedSignal,
  type ReceivedAction,
  stateQuery,
  supersedeSignal,
} from '../contracts/messages.js'
import { OPERATOR_ACTIONS, type OperatorActionName, type Stage } from '../contracts/names.js'
import { mayNotPromote } from './approval.js'
import { shared } from './calls.js'
import { lookAtBreach, lookNow } from './look-now.js'
import { isAction, malformed, noAction, notDecoded, signalled } from './received-action.js'
import type { ReleaseRun } from './release-run.js'
import { runRef } from './run.js'
import { endOf } from './stage-end.js'
import { describe, POSSIBLE } from './visibility.js'

export function listenToOperators(run: ReleaseRun): void {
  setHandler(stateQuery, () => ({ ...run.state, actions: [...run.state.actions] }))
  setHandler(breachSignal, (note) => lookAtBreach(run, note))
  setHandler(productionMovedSignal, () => lookNow(run))
  setHandler(operateUpdate, (action) => operate(run, action), {
    validator: (action) => {
      const problem = malformed(action)
      if (problem) throw new Error(problem)
    },
  })
  for (const name of OPERATOR_ACTIONS) {
    setHandler(operatorSignals[name], async (...sent: unknown[]) => {
      await operate(run, signalled(name, sent[0]), notDecoded(sent))
    })
  }
  setHandler(supersedeSignal, async (...sent: unknown[]) => {
    await operate(run, signalled('supersede', sent[0]), notDecoded(sent))
  })
  // A mistyped name in the Web UI, which reports it as sent. Without this the signal would wait for a handler
  // permanently, unseen.
  setDefaultSignalHandler(async (name, ...sent) => {
    if (!patched('signals-of-any-name')) return
    await operate(run, signalled(name.toLowerCase(), sent[0]), notDecoded(sent))
  })
}

/** @param problem why it is refused without being read; null when it was read */
async function operate(
  run: ReleaseRun,
  { id, action, by, reason }: ReceivedAction,
  problem: string | null = null,
): Promise<OperatorAnswer> {
  const earlier = run.state.actions.find((known) => known.id === id)
  // Sent with the id of an earlier action of another name: it is another action.
  if (earlier && earlier.action !== action && patched('id-of-another-word'))
    return operate(run, { id: `${id}:${action}`, action, by, reason })
  if (earlier) return { accepted: earlier.accepted, message: earlier.message }
  const received = { id, action, by, reason }
  const answer = problem === null ? apply(run, received) : { accepted: false, message: problem }
  run.state.actions = [...run.state.actions, { ...received, ...answer }]
  describe(run)
  return await record(run, received, answer)
}

/**
 * One after the other: the ledger has the actions in the order in which they took effect. If an action took effect and
 * cannot be recorded, its answer says why: throwing here would end the workflow. For the same reason it is not
 * cancelled with the workflow.
 */
async function record(run: ReleaseRun, action: ReceivedAction, answer: OperatorAnswer): Promise<OperatorAnswer> {
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
function apply(run: ReleaseRun, received: ReceivedAction): OperatorAnswer {
  const { action, by, reason } = received
  const { state, requests } = run
  if (action === 'supersede') return supersede(run, received)
  if (!isAction(action)) return { accepted: false, message: noAction(action) }
  const possible = POSSIBLE[state.stage].includes(action)
  if (!possible || (state.stage === 'promoting' && !patched('abort-while-promoting'))) return refuse(run, action)
  const wake = () => run.interruptible?.cancel()
  switch (action) {
    case 'abort':
      requests.abort = { by, reason, as: 'operator_abort' }
      wake()
      return accept(ABORTS[state.stage] ?? 'aborting')
    case 'promote': {
      const problem = mayNotPromote(run, by)
      if (problem !== null) return { accepted: false, message: problem }
      requests.promote = { by, reason }
      wake()
      if (state.awaitingApproval) return accept('approved; judging once more, and promoting if that still permits it')
      return accept('judging once more; promotes unless that shows harm or a breach')
    }
    case 'pause':
      if (state.paused && !requests.promote) return { accepted: false, message: 'it is paused already' }
      state.paused = true
      // A pause promises that there is no promotion, also of one that was requested before it.
      requests.promote = null
      wake()
      return accept('paused: no wider step and no promotion until resumed; rollback stays armed')
    case 'resume':
      if (!state.paused) return { accepted: false, message: 'it is not paused' }
      state.paused = false
      run.resumedAt = Date.now()
      run.resumedBy = received.id
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

/** After the alias move the newer candidate gets the lane, and this release keeps its promotion. */
function supersede(run: ReleaseRun, { by, reason }: ReceivedAction): OperatorAnswer {
  const { state, requests } = run
  if (state.stage === 'done') return { accepted: false, message: 'it has ended already' }
  const promoted = state.stage === 'promoting' || state.stage === 'probation'
  if (promoted) requests.endProbation = { by, reason }
  else requests.abort = { by, reason, as: 'superseded' }
  run.interruptible?.cancel()
  return accept(promoted ? 'its probation ends early; the promotion stays' : 'aborting for a newer candidate')
}

const ABORTS: Partial<Record<Stage, string>> = {
  promoting: 'aborting; if production has moved already, it is moved back to the earlier release',
  probation: 'moving production back to the earlier release',
}

const accept = (message: string): OperatorAnswer => ({ accepted: true, message })

function refuse({ state }: ReleaseRun, action: OperatorActionName): OperatorAnswer {
  const possible = POSSIBLE[state.stage].join(', ') || 'nothing'
  return { accepted: false, message: `${action} is not possible in stage ${state.stage}; possible: ${possible}` }
}
