/** Answered operator actions on their way to the ledger, which has them in the order in which they took effect. */
import { CancellationScope } from '@temporalio/workflow'
import type { AnsweredAction, OperatorAnswer } from '../contracts/messages.js'
import { batchOf, inBatches } from './action-batches.js'
import { shared } from './calls.js'
import { ofThisRun } from './continuation.js'
import type { ReleaseRun, Unrecorded } from './release-run.js'
import { runRef } from './run.js'
import { endOf } from './stage-end.js'

/**
 * If an action took effect and cannot be recorded, its answer says why: throwing here would end the workflow. For the
 * same reason it is not cancelled with the workflow.
 */
export async function record(run: ReleaseRun, action: AnsweredAction): Promise<OperatorAnswer> {
  const { accepted, message } = action
  const unrecorded: Unrecorded = { action }
  run.unrecorded.push(unrecorded)
  const recording = run.recorded.then(() => recordNext(run, unrecorded))
  run.recorded = recording.catch(() => {})
  try {
    await recording
    return { accepted, message }
  } catch (error) {
    return { accepted, message: `${message} (not recorded: ${endOf(error).detail})` }
  } finally {
    run.unrecorded.splice(run.unrecorded.indexOf(unrecorded), 1)
  }
}

/** @param next the first that waits */
function recordNext(run: ReleaseRun, next: Unrecorded): Promise<void> {
  if (next.problem !== undefined) return settled(next.problem)
  // An id that is not remembered may have been used: only the batch finds that out.
  if (run.earlier > 0 || (run.unrecorded.length > 1 && inBatches())) return ofThisRun(run, () => recordBatch(run))
  const { accepted, message, ...action } = next.action
  const { recordAction } = shared(`Record ${action.action} by ${action.by}`)
  return ofThisRun(run, () =>
    CancellationScope.nonCancellable(() => recordAction({ ...runRef(run), action, accepted, message })),
  )
}

async function recordBatch(run: ReleaseRun): Promise<void> {
  const batch = batchOf(run.unrecorded, ({ action }) => action)
  const actions = batch.map(({ action }) => action)
  const { recordActions } = shared(`Record ${batch.length} operator actions`)
  const problems = await CancellationScope.nonCancellable(() => recordActions({ ...runRef(run), actions }))
  for (const [at, unrecorded] of batch.entries()) unrecorded.problem = problems[at] ?? null
  const [first] = batch
  return settled(first?.problem ?? null)
}

async function settled(problem: string | null): Promise<void> {
  if (problem !== null) throw new Error(problem)
}
