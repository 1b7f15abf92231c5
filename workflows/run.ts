import { CancellationScope, CancelledFailure, isCancellation, patched } from '@temporalio/workflow'
import type { ReleaseClock } from '../contracts/clock.js'
import type { ReleaseState } from '../contracts/messages.js'
import type { Stage } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import { StageEnd } from './stage-end.js'
import { announce } from './visibility.js'

/** Undoes something that was, or may have been, done. Registered before the call it undoes. */
export type Compensation = (reason: string) => Promise<void>

/** Everything one release knows while it runs; stages read and write it, nothing else is shared. */
export interface ReleaseRun {
  readonly input: ReleaseInput
  readonly workflowId: string
  /** The input's; a compressed release begins it anew when its canary opens. */
  clock: ReleaseClock
  readonly state: { -readonly [Key in keyof ReleaseState]: ReleaseState[Key] }
  readonly compensations: Compensation[]
  /** Set by operators, read by stages. */
  readonly requests: {
    abort: { by: string; reason: string; as: 'operator_abort' | 'superseded' } | null
    promote: { by: string; reason: string } | null
    /** By a newer candidate, after the alias has moved: the probation ends, the promotion stays. */
    endProbation: { by: string; reason: string } | null
  }
  snapshot: string | null
  evaluation: string | null
  evaluations: number
  /** How often its canary was opened and closed again because production changed. */
  openings: number
  /** How often a person's approval was asked for. */
  approvals: number
  /** The last operator's word is in the registry, or could not be put there. Never rejects. */
  recorded: Promise<void>
  /** Cancelled when an operator's word must reach a waiting stage. */
  interruptible: CancellationScope | null
}

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
    snapshot: null,
    evaluation: null,
    evaluations: 0,
    openings: 0,
    approvals: 0,
    recorded: Promise.resolve(),
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
 * Awaits work that an operator may interrupt. Returns null when an operator's word arrived: the work is cancelled, or its answer
 * is out of date. An abort ends the release here.
 */
export async function interruptible<T>(run: ReleaseRun, work: () => Promise<T>): Promise<T | null> {
  stopIfAborted(run)
  const scope = new CancellationScope()
  run.interruptible = scope
  try {
    const result = await scope.run(work)
    stopIfAborted(run)
    // Both came in one task: what was answered before the word took effect is asked again.
    return scope.consideredCancelled ? null : result
  } catch (error) {
    stopIfAborted(run)
    if (isCancellation(error)) return null
    throw error
  } finally {
    run.interruptible = null
  }
}

/** What was said so far is in the chain, or could not be put there: nothing moves before the word that it rests on. */
export async function wordsAreRecorded(run: ReleaseRun): Promise<void> {
  if (run.state.actions.length > 0 && patched('words-before-moves')) await run.recorded
}

/** An operator's abort, or the workflow's cancellation in Temporal. */
export function stopIfAborted(run: ReleaseRun): void {
  const { abort } = run.requests
  if (abort) throw new StageEnd('aborted', abort.as, `Aborted by ${abort.by}: ${abort.reason}`)
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the workflow was cancelled')
}
