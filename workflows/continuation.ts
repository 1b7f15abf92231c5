/**
 * A release continues as another Temporal run before the server refuses signals (after 10,000), an abort included, or
 * ends it because of its history (51,200 events, 50 MB).
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  patched,
  workflowInfo,
} from '@temporalio/workflow'
import type { ContinuedRelease } from '../contracts/continued-release.js'
import { CONTINUES } from '../contracts/messages.js'
import type { Stage } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import { queueFits } from './action-batches.js'
import type { ReleaseResult, ReleaseRun } from './release-run.js'
import { interrupt, stopIfAborted } from './run.js'

/** The server takes 2,000 updates a run. */
const MOST = { signals: 2_000, updates: 1_000 }
/**
 * Training and the like are interrupted only when hardly anything is left: what they did since a checkpoint is lost.
 */
const URGENT = { signals: 8_000, updates: 1_600, events: 40_000, bytes: 40_000_000 }

/** In these a run waits, for days, with an activity that can be begun again at any time. */
const WAITS: readonly Stage[] = ['awaiting_canary', 'canary', 'probation']

const isDue = ({ received }: ReleaseRun): boolean =>
  (received.signals >= MOST.signals || received.updates >= MOST.updates || workflowInfo().continueAsNewSuggested) &&
  patched('continue-as-new')

function isUrgent({ received }: ReleaseRun): boolean {
  const { historyLength, historySize } = workflowInfo()
  const much = received.signals >= URGENT.signals || received.updates >= URGENT.updates
  return (much || historyLength >= URGENT.events || historySize >= URGENT.bytes) && patched('continue-as-new')
}

/** Called with each message: ends a wait if the run has to continue as another one. */
export function count(run: ReleaseRun, what: 'signals' | 'updates'): void {
  run.received[what] += 1
  if (run.interruptible === null) return
  if (WAITS.includes(run.state.stage) ? isDue(run) : isUrgent(run)) interrupt(run)
}

/**
 * Called where nothing is under way except operator actions.
 * @throws ContinueAsNew, which ends this Temporal run
 */
export async function continueIfDue(run: ReleaseRun): Promise<void> {
  if (!isDue(run)) return
  run.continuing.begun = true
  try {
    await condition(() => mayLeave(run) && run.continuing.calls === 0)
    stopIfAborted(run)
    // Made here: modules are also imported where no workflow runs.
    await makeContinueAsNewFunc<Release>()(run.input, carriedBy(run))
  } finally {
    run.continuing.begun = false
  }
}

type Release = (input: ReleaseInput, continued: ContinuedRelease) => Promise<ReleaseResult>

/**
 * A handler that waits keeps this Temporal run open, and with several senders there is always one.
 * @throws to the caller of an update, who sends it again
 */
export function refuseBeforeEnd({ continuing, received }: ReleaseRun): void {
  if (!continuing.begun || received.updates < URGENT.updates) return
  throw ApplicationFailure.create({ type: CONTINUES, message: 'it continues as another Temporal run; send it again' })
}

/**
 * What the queue holds is carried over. Not while a handler waits, whose update would lose its answer, or while it is
 * too much for one argument.
 */
const mayLeave = (run: ReleaseRun): boolean => run.continuing.begun && allHandlersFinished() && queueFits(run)

/** A call about operator actions; it is begun in the next Temporal run if this one ends. */
export function ofThisRun<T>(run: ReleaseRun, call: () => Promise<T>): Promise<T> {
  if (mayLeave(run)) return condition(() => !mayLeave(run)).then(() => ofThisRun(run, call))
  run.continuing.calls += 1
  const calling = call()
  const ended = () => {
    run.continuing.calls -= 1
  }
  // Not by `finally`: recorded histories rest on when exactly it resolves.
  calling.then(ended, ended)
  return calling
}

function carriedBy(run: ReleaseRun): ContinuedRelease {
  const { clock, state, requests, resumedAt, resumedBy, snapshot, trainings, evaluation, evaluations } = run
  const { openings, approvals, shadow, canary, probation, earlier, compensations } = run
  return {
    clock,
    state,
    requests,
    resumedAt,
    resumedBy,
    snapshot,
    trainings,
    evaluation,
    evaluations,
    openings,
    approvals,
    shadow,
    canary,
    probation,
    earlier,
    lane: compensations.length > 0,
    unrecorded: run.unrecorded.map(({ action }) => action),
    unanswered: run.unanswered.map(({ action, problem }) => ({ action, problem })),
  }
}
