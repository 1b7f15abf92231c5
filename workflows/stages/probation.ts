import { CancellationScope } from '@temporalio/workflow'
import { eventNow } from '../../contracts/clock.js'
import type { Judged, ProbationProgress } from '../../contracts/continued-release.js'
import { durationMs } from '../../contracts/duration.js'
import { shared, waiting } from '../calls.js'
import { continueIfDue } from '../continuation.js'
import { releaseDeadline, untilLooked } from '../hold-deadline.js'
import type { ReleaseRun } from '../release-run.js'
import { actionsAreRecorded, enter, runRef } from '../run.js'
import { endOf, StageEnd } from '../stage-end.js'
import { candidateOf, judgedAgainst } from './evaluating.js'
import { lookRequest } from './look-request.js'

export function beginProbation(run: ReleaseRun, judged: Judged): ProbationProgress {
  run.canary = null
  run.probation = { opened: eventNow(run.clock, Date.now()), judged }
  return run.probation
}

/**
 * The old production keeps a small holdback. Harm, a breach or an abort makes it production again, with its action
 * policy.
 */
export async function watchProbation(run: ReleaseRun, { opened, judged }: ProbationProgress): Promise<StageEnd> {
  const { policy, trigger } = run.input
  const candidate = candidateOf(run)
  const ends = opened + durationMs(policy.probation.lasts)
  const deadline = new Date(ends).toISOString()
  const summary = `${policy.probation.holdback / 100} % stay with ${judgedAgainst(run)} until ${deadline.slice(0, 10)}`
  try {
    enter(run, 'probation', summary)
    for (;;) {
      await continueIfDue(run)
      if (run.requests.endProbation) return await endEarly(run, judged, run.requests.endProbation)
      const watched = { phase: 'probation', opened, deadline: ends } as const
      const request = lookRequest(run, watched)
      const look = () => waiting(trigger.project, `Probation: ${summary}`).watchExposure(request)
      const result = await untilLooked(run, watched, look)
      if (!result) continue
      if (result.outcome === 'production_changed') {
        return new StageEnd('reverted', result.reason, result.detail ?? `${candidate} is no longer production.`)
      }
      if (result.outcome === 'rollback') return await restoreProduction(run, result.reason, result.judgement)
      return new StageEnd('promoted', judged.reason, `${candidate} replaced ${judgedAgainst(run)}.`)
    }
  } catch (error) {
    const end = endOf(error)
    if (end.verdict === 'aborted') return await restoreProduction(run, end.reason, null)
    // Without looks, a rollback meanwhile was not noticed.
    const found = end === run.watched?.end ? await findProduction(run) : candidate
    if (found !== candidate) return movedMeanwhile(found)
    // If it cannot be watched, nothing is moved: the promoted release stays production, and the verdict says why.
    return new StageEnd('promoted', `probation_unwatched:${end.reason}`, end.detail)
  } finally {
    releaseDeadline(run)
  }
}

/** Superseded: the promotion stays, unless production was moved back meanwhile. */
async function endEarly(run: ReleaseRun, judged: Judged, { by, reason }: { by: string; reason: string }) {
  const candidate = candidateOf(run)
  const found = await findProduction(run)
  if (found !== candidate) return movedMeanwhile(found)
  const detail = `${candidate} replaced ${judgedAgainst(run)}. Its probation was ended early by ${by}: ${reason}.`
  return new StageEnd('promoted', `probation_superseded:${judged.reason}`, detail)
}

const findProduction = (run: ReleaseRun) =>
  CancellationScope.nonCancellable(() => shared('See what production is').findProduction(runRef(run)))

const movedMeanwhile = (found: string | null): StageEnd =>
  new StageEnd('reverted', 'production_moved', `Production had already been moved to ${found}.`)

async function restoreProduction(run: ReleaseRun, reason: string, evidence: string | null): Promise<StageEnd> {
  const candidate = candidateOf(run)
  const production = judgedAgainst(run)
  await actionsAreRecorded(run)
  const { moved, found } = await CancellationScope.nonCancellable(() =>
    shared(`Restore ${production}`).revert({ ...runRef(run), candidate, production, reason, evidence }),
  )
  if (!moved) {
    const detail = `Production had already been moved to ${found}; it was not moved again.`
    return new StageEnd('reverted', reason, detail)
  }
  return new StageEnd('reverted', reason, `Production is ${production} again, its threshold included.`)
}
