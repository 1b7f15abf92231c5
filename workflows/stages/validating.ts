import { CancellationScope } from '@temporalio/workflow'
import { forProject, shared } from '../calls.js'
import type { ReleaseRun } from '../release-run.js'
import { enter, interruptible, runRef } from '../run.js'

/** Records the trigger, then imports and checks the data as of the cutoff. Bad data is held. */
export async function validate(run: ReleaseRun): Promise<void> {
  const { trigger } = run.input
  // Before anything else can end the release: one that is aborted at once is in the registry too.
  try {
    await CancellationScope.nonCancellable(() =>
      shared(`Record the ${trigger.kind} trigger ${trigger.id}`).recordTrigger(run.input, run.workflowId),
    )
  } finally {
    run.trigger.end()
  }
  enter(run, 'validating', `reading and checking the data as of ${trigger.cutoff}`)
  const { project, source, cutoff } = trigger
  const snapshot = await interruptible(run, () =>
    forProject(project, `Import and check the snapshot as of ${cutoff.slice(0, 10)}`).importSnapshot({
      ...runRef(run),
      ...(source === undefined ? {} : { source }),
      cutoff,
    }),
  )
  run.snapshot = snapshot?.digest ?? null
}
