import { CancellationScope, getExternalWorkflowHandle } from '@temporalio/workflow'
import { supersedeSignal } from '../../contracts/messages.js'
import { shared, sharedWaiting } from '../calls.js'
import { continueIfDue } from '../continuation.js'
import type { ReleaseRun } from '../release-run.js'
import { enter, interruptible, runRef } from '../run.js'
import { StageEnd } from '../stage-end.js'
import { candidateOf, judgedAgainst } from './evaluating.js'

/**
 * Takes the project's lane: one canary at a time. Busy means queue, supersede or reject, as the policy says.
 * @returns whether it is open; if not, production changed and the offline gates must be evaluated again
 */
export async function awaitCanary(run: ReleaseRun): Promise<boolean> {
  const candidate = candidateOf(run)
  const { policy } = run.input
  enter(run, 'awaiting_canary', 'taking the canary lane')
  keepLane(run)
  let superseded: string | null = null
  for (;;) {
    await continueIfDue(run)
    // Not cancellable: if it were closed while it is being opened, the lane would stay taken permanently.
    const lane = await CancellationScope.nonCancellable(() =>
      shared(`Open the canary for ${candidate}`).openCanary({
        ...runRef(run),
        candidate,
        production: judgedAgainst(run),
        evaluation: run.evaluation ?? '',
        policy,
        opening: run.openings,
      }),
    )
    if (lane.outcome === 'exhausted') throw exhausted(run, lane.judged ?? [])
    if (lane.outcome !== 'busy') return lane.outcome === 'open'
    if (policy.onCanaryBusy === 'reject') {
      throw new StageEnd(
        'held',
        'hold:canary_busy',
        `The canary lane is held by ${lane.holder}; the policy says reject.`,
      )
    }
    // Supersedes each earlier holder once: the newest candidate gets the lane.
    if (policy.onCanaryBusy === 'supersede' && lane.holder && lane.holder !== superseded) {
      superseded = lane.holder
      await supersede(run, lane.holder)
    }
    enter(run, 'awaiting_canary', `waiting for ${lane.holder ?? 'the open canary'} to end`)
    await interruptible(run, () => sharedWaiting('Wait for the canary lane').awaitLane(runRef(run)))
  }
}

/** Any end other than a promotion closes its canary, also while it is only waiting for the lane. */
export function keepLane(run: ReleaseRun): void {
  if (run.compensations.length === 0) run.compensations.push((reason) => closeCanary(run, reason))
}

function exhausted({ input: { policy } }: ReleaseRun, judged: readonly string[]): StageEnd {
  const allowed = policy.judge.maxRuns ?? 1
  return new StageEnd(
    'held',
    'hold:runs_exhausted',
    `This snapshot, features, model and action policy were judged before, in ${judged.join(', ')}; the policy allows ${allowed} (judge.maxRuns).`,
  )
}

export async function closeCanary(run: ReleaseRun, reason: string): Promise<void> {
  const candidate = candidateOf(run)
  const request = { ...runRef(run), candidate, reason, opening: run.openings }
  await shared(`Close the canary of ${candidate}`).closeCanary(request)
}

async function supersede(run: ReleaseRun, holder: string): Promise<void> {
  const note = { by: run.workflowId, reason: 'superseded by a newer candidate', id: `supersede:${run.workflowId}` }
  try {
    await getExternalWorkflowHandle(holder).signal(supersedeSignal, note)
  } catch {
    // It ended meanwhile: the lane is free, or will be soon.
  }
}
