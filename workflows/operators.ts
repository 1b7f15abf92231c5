/** Operator actions: each is answered and recorded, and either changes the run or is refused with a reason. */
import { patched, setDefaultSignalHandler, setHandler } from '@temporalio/workflow'
import type { ContinuedRelease } from '../contracts/continued-release.js'
import { shortReason } from '../contracts/limits.js'
import {
  type AnsweredAction,
  breachSignal,
  idOfAnother,
  type OperatorAnswer,
  operateUpdate,
  operatorSignals,
  productionMovedSignal,
  type ReceivedAction,
  stateQuery,
  supersedeSignal,
} from '../contracts/messages.js'
import { NOTHING_TO_APPROVE, OPERATOR_ACTIONS, type OperatorActionName, type Stage } from '../contracts/names.js'
import { POSSIBLE } from '../contracts/possible-actions.js'
import { remember } from './action-batches.js'
import { mayNotPromote } from './approval.js'
import { count, refuseBeforeEnd } from './continuation.js'
import { lookAtBreach, lookNow } from './look-now.js'
import { answerInTurn, mustBeLookedUp } from './look-up-actions.js'
import { beyondLimits, isAction, malformed, noAction, notDecoded, signalled } from './received-action.js'
import { record } from './record-actions.js'
import type { ReleaseRun, Unanswered } from './release-run.js'
import { interrupt } from './run.js'
import { describe } from './visibility.js'

export function listenToOperators(run: ReleaseRun): void {
  setHandler(stateQuery, () => ({ ...run.state, actions: [...run.state.actions] }))
  const signalledAction = (name: string, sent: readonly unknown[]) => {
    signal(run, signalled(name, sent[0]), notDecoded(sent) ?? beyondLimits(sent[0]))
    count(run, 'signals')
  }
  setHandler(breachSignal, (note) => {
    lookAtBreach(run, note)
    count(run, 'signals')
  })
  setHandler(productionMovedSignal, () => {
    lookNow(run)
    count(run, 'signals')
  })
  const operated = (action: ReceivedAction) => {
    const answer = operate(run, { ...action, reason: shortReason(action.reason) })
    count(run, 'updates')
    return answer
  }
  setHandler(operateUpdate, operated, {
    validator: (action) => {
      const problem = malformed(action)
      if (problem) throw new Error(problem)
      refuseBeforeEnd(run)
    },
  })
  for (const name of OPERATOR_ACTIONS)
    setHandler(operatorSignals[name], (...sent: unknown[]) => signalledAction(name, sent))
  setHandler(supersedeSignal, (...sent: unknown[]) => signalledAction('supersede', sent))
  // A mistyped name in the Web UI, which reports it as sent. Without this the signal would wait for a handler
  // permanently, unseen.
  setDefaultSignalHandler((name, ...sent) => {
    if (patched('signals-of-any-name')) signalledAction(name.toLowerCase(), sent)
  })
}

/** Actions that an earlier Temporal run of this release did not finish. */
export function resumeOperators(run: ReleaseRun, { unrecorded = [], unanswered = [] }: ContinuedRelease): void {
  for (const action of unrecorded) void record(run, action)
  for (const { action, problem } of unanswered) signal(run, action, problem)
}

/** @param problem why it is refused without being read; null when it was read */
function operate(run: ReleaseRun, sent: ReceivedAction, problem: string | null = null): Promise<OperatorAnswer> {
  if (!mustBeLookedUp(run, sent)) return operateNow(run, sent, problem)
  return new Promise((answered) => inTurn(run, { action: sent, problem, answered }))
}

/** Signals may come by the thousand: one that has to wait costs no promise. */
function signal(run: ReleaseRun, sent: ReceivedAction, problem: string | null): void {
  if (mustBeLookedUp(run, sent)) inTurn(run, { action: sent, problem })
  else void operateNow(run, sent, problem)
}

function inTurn(run: ReleaseRun, action: Unanswered): void {
  run.unanswered.push(action)
  void answerInTurn(run, (sent, problem) => operateNow(run, sent, problem))
}

async function operateNow(
  run: ReleaseRun,
  { id, action, by, reason, approves, proof }: ReceivedAction,
  problem: string | null,
): Promise<OperatorAnswer> {
  const only = { ...(approves && { approves }), ...(proof && { proof }) }
  const earlier = remembered(run).find((known) => known.id === id)
  if (earlier && earlier.action !== action && patched('id-of-another-word'))
    return operateNow(run, { id: idOfAnother({ id, action }), action, by, reason, ...only }, problem)
  if (earlier) return { accepted: earlier.accepted, message: earlier.message }
  const received = { id, action, by, reason, ...only }
  const answer = problem === null ? apply(run, received) : { accepted: false, message: problem }
  remember(run, { ...received, ...answer })
  describe(run)
  return await record(run, { ...received, ...answer })
}

const remembered = ({ state, unrecorded }: ReleaseRun): AnsweredAction[] => [
  ...state.actions,
  ...unrecorded.map(({ action }) => action),
]

/** Changes the run at once, so that an abort is in force before it is recorded. */
function apply(run: ReleaseRun, received: ReceivedAction): OperatorAnswer {
  const { action, by, reason } = received
  const { state, requests } = run
  if (action === 'supersede') return supersede(run, received)
  if (!isAction(action)) return { accepted: false, message: noAction(action) }
  const possible = POSSIBLE[state.stage].includes(action)
  if (!possible || (state.stage === 'promoting' && !patched('abort-while-promoting'))) return refuse(run, action)
  const wake = () => interrupt(run)
  switch (action) {
    case 'abort':
      requests.abort = { by, reason, as: 'operator_abort' }
      wake()
      return accept(ABORTS[state.stage] ?? 'aborting')
    case 'promote': {
      if (received.approves && !state.awaitingApproval) return { accepted: false, message: NOTHING_TO_APPROVE }
      const problem = mayNotPromote(run, by)
      if (problem !== null) return { accepted: false, message: problem }
      requests.promote = { by, reason, id: received.id }
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
  interrupt(run)
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
