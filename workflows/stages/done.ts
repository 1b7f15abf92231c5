import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow'
import { shared } from '../calls.js'
import type { ReleaseResult, ReleaseRun } from '../release-run.js'
import { actionsAreRecorded, runRef } from '../run.js'
import { endOf, type StageEnd } from '../stage-end.js'
import { announce } from '../visibility.js'

/** Undoes what is half done, newest first, and records the verdict. Not cancellable; tried until the registry has it. */
export function conclude(run: ReleaseRun, end: StageEnd): Promise<ReleaseResult> {
  return CancellationScope.nonCancellable(async () => {
    // From here on an operator's word comes too late, and is told so.
    Object.assign(run.state, { stage: 'done', waitingFor: 'recording the verdict' })
    const { verdict, reason } = end
    let { detail } = end
    await actionsAreRecorded(run)
    for (const undo of run.compensations.splice(0).reverse()) {
      // Said in the verdict, which is recorded whatever happens.
      await undo(`${verdict}: ${reason}`).catch((error) => {
        detail += ` Not undone: ${endOf(error).detail}`
      })
    }
    const { releaseId } = run.state
    await shared(`Record the verdict: ${verdict}`).recordVerdict({ ...runRef(run), releaseId, verdict, reason, detail })
    Object.assign(run.state, { stage: 'done', verdict, reason, waitingFor: detail, deadline: null, canaryStep: null })
    announce(run)
    await condition(allHandlersFinished)
    return { project: run.input.trigger.project, releaseId, verdict, reason, detail }
  })
}
