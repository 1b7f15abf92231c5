/**
 * One release, top-down as in the state diagram:
 * validating → training → evaluating → awaiting_canary → canary → promoting → probation → done.
 * Every end goes through `conclude`, which records the verdict and its reason.
 */
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow'
import type { ReleaseInput } from '../contracts/types.js'
import { listenToOperators } from './operators.js'
import type { ReleaseResult, ReleaseRun } from './release-run.js'
import { openRun } from './run.js'
import { endOf, type StageEnd } from './stage-end.js'
import { awaitCanary } from './stages/awaiting-canary.js'
import { exposeCanary } from './stages/canary.js'
import { conclude } from './stages/done.js'
import { evaluate } from './stages/evaluating.js'
import { watchProbation } from './stages/probation.js'
import { moveProduction } from './stages/promoting.js'
import { train } from './stages/training.js'
import { validate } from './stages/validating.js'

export async function release(input: ReleaseInput): Promise<ReleaseResult> {
  refuseNameless(input)
  const run = openRun(input, workflowInfo().workflowId)
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

async function stages(run: ReleaseRun): Promise<StageEnd> {
  await validate(run)
  await train(run)
  for (;;) {
    await evaluate(run)
    const open = await awaitCanary(run)
    const judged = open && (await exposeCanary(run))
    const moved = judged && (await moveProduction(run, judged))
    if (moved) return await watchProbation(run, moved)
    // Production changed meanwhile: the candidate was judged against another release, so it is evaluated again.
  }
}
