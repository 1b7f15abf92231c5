import { CancellationScope } from '@temporalio/workflow'
import { eventNow } from '../../contracts/clock.js'
import { endApproval } from '../approval.js'
import type { ReleaseRun } from '../release-run.js'
import { stopIfAborted } from '../run.js'
import { StageEnd } from '../stage-end.js'
import { closeCanary } from './awaiting-canary.js'

/** Limits the workflow's history: if production keeps changing under its canary, a person has to decide. */
const MOST_OPENINGS = 2

/**
 * The reference is no longer production: the canary closes, and its evidence no longer counts. The release keeps the
 * lane, and a pause; a requested promotion lapses, because it was meant for another comparison.
 */
export async function withdrawCanary(run: ReleaseRun, detail: string): Promise<null> {
  const { promote } = run.requests
  const lapsed = promote ? ` The promotion requested by ${promote.by} lapses.` : ''
  run.canary = null
  run.shadow = null
  await CancellationScope.nonCancellable(() => closeCanary(run, `production_changed: ${detail}${lapsed}`))
  if (run.state.awaitingApproval) {
    await endApproval(run, 'lapsed', { reason: 'production_changed', judgement: null, by: null })
  }
  // Only now, so that it includes a promotion requested while the canary closed.
  run.requests.promote = null
  const { endProbation } = run.requests
  // Requested while production was about to move. It did not move, so there is no promotion to keep.
  if (endProbation) throw new StageEnd('aborted', 'superseded', `Aborted by ${endProbation.by}: ${endProbation.reason}`)
  stopIfAborted(run)
  run.openings += 1
  if (run.openings >= MOST_OPENINGS) {
    const often = `Its canary was opened ${MOST_OPENINGS} times, and production changed during each.`
    throw new StageEnd('held', 'hold:production_changed', `${detail} ${often}`)
  }
  // Event time continues from here when the canary opens again: no day is exposed twice.
  const now = Date.now()
  run.clock = { ...run.clock, eventStart: eventNow(run.clock, now), wallStart: now }
  Object.assign(run.state, { extensions: 0, deadline: null, canaryStep: null })
  return null
}
