import { CancellationScope, CancelledFailure, isCancellation, patched } from '@temporalio/workflow'
import type { ContinuedRelease } from '../contracts/continued-release.js'
import type { ReleaseState } from '../contracts/messages.js'
import type { Stage } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { ReleaseRun, TriggerRecord } from './release-run.js'
import { StageEnd } from './stage-end.js'
import { announce } from './visibility.js'

/** @param continued what an earlier Temporal run of this release took along; null in the first */
export function openRun(
  input: ReleaseInput,
  workflowId: string,
  continued: ContinuedRelease | null = null,
): ReleaseRun {
  const { state, requests, lane: _lane, unrecorded: _unrecorded, unanswered: _unanswered, ...carried } = continued ?? {}
  return {
    clock: input.clock,
    resumedAt: null,
    resumedBy: null,
    snapshot: null,
    trainings: 0,
    evaluation: null,
    evaluations: 0,
    openings: 0,
    approvals: 0,
    shadow: null,
    canary: null,
    probation: null,
    earlier: 0,
    ...carried,
    input,
    workflowId,
    state: { ...STARTING, ...state },
    requests: { abort: null, promote: null, endProbation: null, ...requests },
    resumes: state?.stage ?? null,
    compensations: [],
    recorded: Promise.resolve(),
    trigger: triggerRecord(continued !== null),
    unrecorded: [],
    unanswered: [],
    notCounted: new Set(),
    answering: false,
    received: { signals: 0, updates: 0 },
    continuing: { begun: false, calls: 0 },
    watched: null,
    // A look begins at once where a run continues.
    wakes: { last: continued ? Date.now() : Number.NEGATIVE_INFINITY, due: false },
    interruptible: null,
  }
}

function triggerRecord(over: boolean): TriggerRecord {
  let resolve = () => {}
  const untilOver = new Promise<void>((resolved) => {
    resolve = resolved
  })
  const trigger: TriggerRecord = {
    over,
    untilOver,
    end() {
      trigger.over = true
      resolve()
    },
  }
  return trigger
}

const STARTING: ReleaseState = {
  stage: 'validating',
  verdict: null,
  reason: null,
  releaseId: null,
  production: null,
  waitingFor: 'starting',
  deadline: null,
  canaryStep: null,
  paused: false,
  awaitingApproval: false,
  extensions: 0,
  actions: [],
}

export const runRef = (run: ReleaseRun) => ({ project: run.input.trigger.project, workflowId: run.workflowId })

/** Enters a stage: state, search attributes and the Web UI's current details change together. */
export function enter(run: ReleaseRun, stage: Stage, waitingFor: string): void {
  stopIfAborted(run)
  run.state.stage = stage
  run.state.waitingFor = waitingFor
  announce(run)
}

/**
 * Awaits work that an operator may interrupt. Returns null when an operator action arrived: the work is cancelled, or
 * its result is out of date. An abort ends the release here.
 */
export async function interruptible<T>(run: ReleaseRun, work: () => Promise<T>): Promise<T | null> {
  stopIfAborted(run)
  const scope = new CancellationScope()
  run.interruptible = scope
  try {
    const result = await scope.run(work)
    stopIfAborted(run)
    // Result and action came in one workflow task: the result is from before the action, so the work is repeated.
    return scope.consideredCancelled ? null : result
  } catch (error) {
    stopIfAborted(run)
    if (isCancellation(error)) return null
    throw error
  } finally {
    run.interruptible = null
  }
}

/** Once for many messages of one task: each call creates an error, with its stack. */
export function interrupt({ interruptible: waiting }: ReleaseRun): void {
  if (waiting && !waiting.consideredCancelled) waiting.cancel()
}

/**
 * Waits until all operator actions so far are recorded or could not be: no alias moves before the action that caused
 * it.
 */
export async function actionsAreRecorded(run: ReleaseRun): Promise<void> {
  if (run.state.actions.length > 0 && patched('words-before-moves')) await run.recorded
}

/** An operator's abort, or the workflow's cancellation in Temporal. */
export function stopIfAborted(run: ReleaseRun): void {
  const { abort } = run.requests
  if (abort) throw new StageEnd('aborted', abort.as, `Aborted by ${abort.by}: ${abort.reason}`)
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the workflow was cancelled')
}
