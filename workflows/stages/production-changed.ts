import { CancellationScope } from '@temporalio/workflow'
import { eventNow } from '../../contracts/clock.js'
import { endApproval } from '../approval.js'
import type { ReleaseRun } from '../release-run.js'
import { stopIfAborted } from '../run.js'
import { StageEnd } from '../stage-end.js'
import { closeCanary } from './awaiting-canary.js'

/** A release keeps its history small: one whose production changes again and again is left to a person. */
const MOST_OPENINGS = 2

/**
 * What the candidate was compared with is production no more: its canary closes, and what that showed counts no more. The lane
 * stays its own, and so does a pause; a promotion that was asked for lapses, since it was meant for another comparison.
 */
export async function withdrawCanary(run: ReleaseRun, detail: string): Promise<null> {
  const { promote } = run.requests
  const lapsed = promote ? ` The promotion asked for by ${promote.by} lapses.` : ''
  await CancellationScope.nonCancellable(() => closeCanary(run, `production_changed: ${detail}${lapsed}`))
  if (run.state.awaitingApproval) {
    await endApproval(run, 'lapsed', { reason: 'production_changed', judgement: null, by: null })
  }
  // Only now: also one that was asked for while it closed.
  run.requests.promote = null
  const { endProbation } = run.requests
  // Said while production was about to move: it did not, so that there is no promotion to keep.
  if (endProbation) throw new StageEnd('aborted', 'superseded', `Aborted by ${endProbation.by}: ${endProbation.reason}`)
  stopIfAborted(run)
  run.openings += 1
  if (run.openings >= MOST_OPENINGS) {
    const often = `Its canary was opened ${MOST_OPENINGS} times, and production changed under each.`
    throw new StageEnd('held', 'hold:production_changed', `${detail} ${often}`)
  }
  // Event time goes on from here when the canary opens again: no day is exposed twice.
  const now = Date.now()
  run.clock = { ...run.clock, eventStart: eventNow(run.clock, now), wallStart: now }
  Object.assign(run.state, { extensions: 0, deadline: null, canaryStep: null })
  return null
}
