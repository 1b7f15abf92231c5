import { CancellationScope } from '@temporalio/workflow'
import type { Judged } from '../../contracts/continued-release.js'
import { shared } from '../calls.js'
import type { ReleaseRun } from '../release-run.js'
import { enter, runRef, stopIfAborted } from '../run.js'
import { candidateOf, judgedAgainst } from './evaluating.js'
import { withdrawCanary } from './production-changed.js'

/**
 * Moves the alias by compare-and-set. Not cancellable: an abort that arrives meanwhile ends the release if production
 * did not move, and moves production back if it did.
 * @returns null when nothing was moved: production is not what the candidate was judged against, or a breach that no
 * look has read
 */
export async function moveProduction(run: ReleaseRun, judged: Judged): Promise<Judged | null> {
  const candidate = candidateOf(run)
  const production = judgedAgainst(run)
  run.state.deadline = null
  enter(run, 'promoting', `moving production from ${production} to ${candidate}`)
  const { moved, found, breached } = await CancellationScope.nonCancellable(() =>
    shared(`Move production to ${candidate}`).promote({
      ...runRef(run),
      candidate,
      production,
      reason: judged.reason,
      actor: judged.actor,
      evidence: judged.judgement,
      opening: run.openings,
      ...(judged.breachesRead === undefined ? {} : { breachesRead: judged.breachesRead }),
    }),
  )
  if (!moved) {
    if (run.requests.abort) stopIfAborted(run)
    // The canary is still open: its next look reads the breach.
    if (breached) return null
    return await withdrawCanary(
      run,
      `Production is ${found}, not ${production}, which ${candidate} was judged against.`,
    )
  }
  // The move closed the canary too, so there is nothing left to undo.
  run.compensations.length = 0
  return judged
}
