import { forProject } from '../calls.js'
import { continueIfDue } from '../continuation.js'
import type { ReleaseRun } from '../release-run.js'
import { enter, interruptible, runRef } from '../run.js'
import { StageEnd } from '../stage-end.js'

/** The offline gates against today's production. A failed or missing gate ends the release as held. */
export async function evaluate(run: ReleaseRun): Promise<void> {
  const candidate = candidateOf(run)
  enter(run, 'evaluating', `checking the offline gates of ${candidate}`)
  const attempt = run.evaluations++
  const offline = await interruptible(run, () =>
    forProject(run.input.trigger.project, `Check the offline gates of ${candidate}`).evaluateCandidate({
      ...runRef(run),
      candidate,
      attempt,
    }),
  )
  if (!offline) return await continueIfDue(run)
  run.state.production = offline.production
  run.evaluation = offline.evaluation
  if (offline.decision !== 'canary_open') throw new StageEnd('held', offline.decision, offline.summary)
}

export function candidateOf(run: ReleaseRun): string {
  if (run.state.releaseId === null) throw new Error('there is no candidate yet')
  return run.state.releaseId
}

/** The release the candidate was judged against: the only production it may replace. */
export function judgedAgainst(run: ReleaseRun): string {
  if (run.state.production === null) throw new Error('nothing was judged yet')
  return run.state.production
}
