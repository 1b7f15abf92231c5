/**
 * One release, top-down as in the state diagram:
 * validating → training → evaluating → awaiting_canary → canary → promoting → probation → done.
 * Every end goes through `conclude`, which records the verdict and its reason.
 */
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow'
import type { ContinuedRelease } from '../contracts/continued-release.js'
import { STAGES } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import { whyUndecodable } from '../contracts/undecodable.js'
import { continueIfDue } from './continuation.js'
import { listenToOperators, resumeOperators } from './operators.js'
import type { ReleaseResult, ReleaseRun } from './release-run.js'
import { openRun } from './run.js'
import { endOf, type StageEnd } from './stage-end.js'
import { awaitCanary, keepLane } from './stages/awaiting-canary.js'
import { exposeCanary } from './stages/canary.js'
import { conclude } from './stages/done.js'
import { evaluate } from './stages/evaluating.js'
import { beginProbation, watchProbation } from './stages/probation.js'
import { moveProduction } from './stages/promoting.js'
import { train } from './stages/training.js'
import { validate } from './stages/validating.js'

/** @param continued where an earlier Temporal run of this release stopped */
export async function release(input: ReleaseInput, continued?: ContinuedRelease | null): Promise<ReleaseResult> {
  refuseNameless(input)
  refuseUnknown(continued)
  const run = openRun(input, workflowInfo().workflowId, continued)
  if (continued?.lane) keepLane(run)
  if (continued) resumeOperators(run, continued)
  listenToOperators(run)
  let end: StageEnd
  try {
    end = await stages(run)
  } catch (error) {
    end = endOf(error)
  }
  return await conclude(run, end)
}

/**
 * A workflow started by hand may have any input. Without a project no verdict can be recorded; the rest is checked when
 * it is recorded.
 */
function refuseNameless(input: ReleaseInput | null | undefined): void {
  if (typeof input?.trigger?.project === 'string') return
  throw ApplicationFailure.nonRetryable(
    'trigger.project: must name a project; start releases with: slipway release start PROJECT',
    'BadRequest',
  )
}

/** @throws an error that repeats the task, where a worker cannot decode what the release took along: another one may */
function refuseUnknown(continued: ContinuedRelease | null | undefined): void {
  const why = whyUndecodable(continued)
  if (why !== null) throw new Error(`the second argument, where the release continues: ${why}`)
  if (continued === undefined || continued === null || STAGES.some((stage) => stage === continued?.state?.stage)) return
  throw ApplicationFailure.nonRetryable(
    'the second argument, where the release continues: state.stage must name a stage; releases start without it',
    'BadRequest',
  )
}

async function stages(run: ReleaseRun): Promise<StageEnd> {
  if (run.probation) return await watchProbation(run, run.probation)
  if (run.snapshot === null) await validate(run)
  await continueIfDue(run)
  if (run.state.releaseId === null) await train(run)
  for (;;) {
    await continueIfDue(run)
    const { shadow, canary, resumes } = run
    const isOpen = shadow !== null || canary !== null
    run.resumes = null
    if (!isOpen && resumes !== 'awaiting_canary') await evaluate(run)
    const open = isOpen || (await awaitCanary(run))
    const judged = open && (await exposeCanary(run))
    const moved = judged && (await moveProduction(run, judged))
    if (moved) return await watchProbation(run, beginProbation(run, moved))
    // Production changed meanwhile: the candidate was judged against another release, so it is evaluated again. Or a
    // breach was stored before the move: the canary is open, and looks again.
  }
}
