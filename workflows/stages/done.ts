import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow'
import { shared } from '../calls.js'
import type { ReleaseResult, ReleaseRun } from '../release-run.js'
import { actionsAreRecorded, runRef } from '../run.js'
import { endOf, type StageEnd } from '../stage-end.js'
import { announce } from '../visibility.js'

/**
 * Undoes unfinished work, newest first, and records the verdict. Not cancellable; retried until the registry has it.
 */
export function conclude(run: ReleaseRun, end: StageEnd): Promise<ReleaseResult> {
  return CancellationScope.nonCancellable(async () => {
    // From here on an operator action is too late, and its answer says so.
    Object.assign(run.state, { stage: 'done', waitingFor: 'recording the verdict' })
    const { verdict, reason } = end
    let { detail } = end
    await actionsAreRecorded(run)
    for (const undo of run.compensations.splice(0).reverse()) {
      // A failure is reported in the verdict, which is recorded in any case.
      await undo(`${verdict}: ${reason}`).catch((error) => {
        detail += ` Not undone: ${endOf(error).detail}`
      })
    }
    const { releaseId } = run.state
    await shared(`Record the verdict: ${verdict}`).recordVerdict({ ...runRef(run), releaseId, verdict, reason, detail })
    Object.assign(run.state, { stage: 'done', verdict, reason, waitingFor: detail, deadline: null, canaryStep: null })
    announce(run)
    // Signals are answered outside their handlers.
    await condition(() => allHandlersFinished() && run.unanswered.length === 0 && run.unrecorded.length === 0)
    return { project: run.input.trigger.project, releaseId, verdict, reason, detail }
  })
}
