import { CancellationScope, CancelledFailure, isCancellation, patched } from '@temporalio/workflow'
import type { Stage } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { ReleaseRun } from './release-run.js'
import { StageEnd } from './stage-end.js'
import { announce } from './visibility.js'

export function openRun(input: ReleaseInput, workflowId: string): ReleaseRun {
  return {
    input,
    workflowId,
    clock: input.clock,
    state: {
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
    },
    compensations: [],
    requests: { abort: null, promote: null, endProbation: null },
    resumedAt: null,
    resumedBy: null,
    snapshot: null,
    evaluation: null,
    evaluations: 0,
    openings: 0,
    approvals: 0,
    recorded: Promise.resolve(),
    watched: null,
    wakes: { last: Number.NEGATIVE_INFINITY, due: false },
    interruptible: null,
  }
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
