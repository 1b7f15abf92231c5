/** Answered operator actions on their way to the ledger, which has them in the order in which they took effect. */
import { CancellationScope, patched } from '@temporalio/workflow'
import type { NotCounted } from '../contracts/activities.js'
import type { AnsweredAction, OperatorAnswer } from '../contracts/messages.js'
import { batchOf, inBatches } from './action-batches.js'
import { shared } from './calls.js'
import { ofThisRun } from './continuation.js'
import type { ReleaseRun, Unrecorded } from './release-run.js'
import { runRef } from './run.js'
import { endOf } from './stage-end.js'
import { describe } from './visibility.js'

/**
 * If an action took effect and cannot be recorded, its answer says why: throwing here would end the workflow. For the
 * same reason it is not cancelled with the workflow.
 */
export async function record(run: ReleaseRun, action: AnsweredAction): Promise<OperatorAnswer> {
  const { accepted, message } = action
  const unrecorded: Unrecorded = { action }
  run.unrecorded.push(unrecorded)
  const recording = before(run).then(() => recordNext(run, unrecorded))
  run.recorded = recording.catch(() => null)
  try {
    const result = await recording
    return result ? withdraw(run, action, result.notCounted) : { accepted, message }
  } catch (error) {
    return { accepted, message: `${message} (not recorded: ${endOf(error).detail})` }
  } finally {
    run.unrecorded.splice(run.unrecorded.indexOf(unrecorded), 1)
  }
}

/** The actions before it, and the trigger: the ledger has nothing of a release before what began it. */
const before = ({ recorded, trigger }: ReleaseRun): Promise<unknown> =>
  trigger.over || !patched('actions-after-the-trigger') ? recorded : Promise.all([recorded, trigger.untilOver])

/** @param next the first that waits */
function recordNext(run: ReleaseRun, next: Unrecorded): Promise<Recorded> {
  if (next.problem !== undefined) return settled(next.problem)
  // An id that is not remembered may have been used: only the batch finds that out.
  if (run.earlier > 0 || (run.unrecorded.length > 1 && inBatches())) return ofThisRun(run, () => recordBatch(run))
  const { accepted, message, ...action } = next.action
  const { recordAction } = shared(`Record ${action.action} by ${action.by}`)
  return ofThisRun(run, () =>
    CancellationScope.nonCancellable(() =>
      recordAction({ ...runRef(run), action, accepted, message, ...needsProof(run) }),
    ),
  )
}

async function recordBatch(run: ReleaseRun): Promise<Recorded> {
  const batch = batchOf(run.unrecorded, ({ action }) => action)
  const actions = batch.map(({ action }) => action)
  const { recordActions } = shared(`Record ${batch.length} operator actions`)
  const request = { ...runRef(run), actions, ...needsProof(run) }
  const problems = await CancellationScope.nonCancellable(() => recordActions(request))
  for (const [at, unrecorded] of batch.entries()) unrecorded.problem = problems[at] ?? null
  const [first] = batch
  return settled(first?.problem ?? null)
}

async function settled(problem: string | Recorded): Promise<Recorded> {
  if (typeof problem === 'string') throw new Error(problem)
  return problem
}

/** Earlier workers return nothing. */
type Recorded = NotCounted | null | undefined

const needsProof = ({ input }: ReleaseRun) =>
  input.policy.promotionApproval === 'other_person' ? { needsProof: true as const } : {}

/** The registry knows whether a name is proven; the run does not. Before the move it waits for the record. */
function withdraw(run: ReleaseRun, { id }: AnsweredAction, message: string): OperatorAnswer {
  const { state, requests } = run
  run.notCounted.add(id)
  if (requests.promote?.id === id) requests.promote = null
  const answer = { accepted: false, message }
  state.actions = state.actions.map((one) => (one.id === id ? { ...one, ...answer } : one))
  describe(run)
  return answer
}
