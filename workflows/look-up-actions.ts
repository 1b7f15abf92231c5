/** Operator actions that may be earlier ones, sent again: they are looked up in the ledger before they take effect. */
import { CancellationScope } from '@temporalio/workflow'
import type { FoundAction } from '../contracts/activities.js'
import type { ReceivedAction } from '../contracts/messages.js'
import { batchOf } from './action-batches.js'
import { shared } from './calls.js'
import type { ReleaseRun, Unanswered } from './release-run.js'
import { runRef } from './run.js'

/** An action with which a run must not wait for the registry, and which changes nothing the second time. */
const AT_ONCE: readonly string[] = ['abort', 'supersede']

/** Only a run with more actions than it remembers has to ask. */
export const mustBeLookedUp = ({ earlier }: ReleaseRun, { action }: ReceivedAction): boolean =>
  earlier > 0 && !AT_ONCE.includes(action)

/** One after the other: they take effect in the order in which they arrived. */
export async function lookUp(run: ReleaseRun, action: ReceivedAction, problem: string | null): Promise<FoundAction> {
  const unanswered: Unanswered = { action, problem }
  run.unanswered.push(unanswered)
  const looking = run.lookedUp.then(() => lookUpNext(run, unanswered))
  run.lookedUp = looking.then(
    () => {},
    () => {},
  )
  try {
    return await looking
  } catch {
    // The ledger refuses to record an id twice, with the reason in the answer.
    return { id: action.id, answer: null }
  } finally {
    run.unanswered.splice(run.unanswered.indexOf(unanswered), 1)
  }
}

/** @param next the first that waits */
async function lookUpNext(run: ReleaseRun, next: Unanswered): Promise<FoundAction> {
  if (next.found) return next.found
  const batch = batchOf(run.unanswered, ({ action }) => action)
  const actions = batch.map(({ action: { id, action } }) => ({ id, action }))
  const { findActions } = shared(`Look up ${batch.length} operator actions`)
  const found = await CancellationScope.nonCancellable(() => findActions({ ...runRef(run), actions }))
  for (const [at, unanswered] of batch.entries()) {
    const one = found[at]
    if (one) unanswered.found = one
  }
  return next.found ?? { id: next.action.id, answer: null }
}
