import { CancellationScope } from '@temporalio/workflow'
import { shared } from '../calls.js'
import { enter, type ReleaseRun, runRef } from '../run.js'
import { StageEnd } from '../stage-end.js'
import type { Judged } from './canary.js'
import { candidateOf } from './evaluating.js'

/** The release the candidate was judged against: the only production it may replace. */
export function judgedAgainst(run: ReleaseRun): string {
  if (run.state.production === null) throw new Error('nothing was judged yet')
  return run.state.production
}

/** Moves the alias by compare-and-set. An abort wins up to here; from here on it is `slipway rollback`. */
export async function moveProduction(run: ReleaseRun, judged: Judged): Promise<Judged> {
  const candidate = candidateOf(run)
  const production = judgedAgainst(run)
  run.state.deadline = null
  enter(run, 'promoting', `moving production from ${production} to ${candidate}`)
  const { moved, found } = await CancellationScope.nonCancellable(() =>
    shared(`Move production to ${candidate}`).promote({
      ...runRef(run),
      candidate,
      production,
      reason: judged.reason,
      actor: judged.actor,
      evidence: judged.judgement,
    }),
  )
  if (!moved) {
    const detail = `Production is ${found}, not ${production} that ${candidate} was judged against; it was not moved.`
    throw new StageEnd('held', 'hold:production_changed', detail)
  }
  // The lane is the promotion's now: closing the canary again would undo nothing.
  run.compensations.length = 0
  return judged
}
