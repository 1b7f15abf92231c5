/** Operator actions that may be earlier ones, sent again: they are looked up in the ledger before they take effect. */
import { CancellationScope } from '@temporalio/workflow'
import type { FoundAction } from '../contracts/activities.js'
import type { OperatorAnswer, ReceivedAction } from '../contracts/messages.js'
import { batchOf } from './action-batches.js'
import { shared } from './calls.js'
import { ofThisRun } from './continuation.js'
import type { ReleaseRun, Unanswered } from './release-run.js'
import { runRef } from './run.js'

/** An action with which a run must not wait for the registry, and which changes nothing the second time. */
const AT_ONCE: readonly string[] = ['abort', 'supersede']

/** Only a run with more actions than it remembers has to ask. */
export function mustBeLookedUp({ earlier, requests }: ReleaseRun, { action }: ReceivedAction): boolean {
  const ends = requests.abort !== null || requests.endProbation !== null
  return earlier > 0 && (ends || !AT_ONCE.includes(action))
}

type Operate = (sent: ReceivedAction, problem: string | null) => Promise<OperatorAnswer>

/**
 * They take effect in the order in which they arrived, and are recorded before the next ones are looked up: an abort
 * is never behind more than one batch.
 */
export async function answerInTurn(run: ReleaseRun, operate: Operate): Promise<void> {
  if (run.answering) return
  run.answering = true
  while (run.unanswered.length > 0) {
    const batch = batchOf(run.unanswered, ({ action }) => action)
    const found = await ofThisRun(run, () => lookUp(run, batch))
    for (const [at, { action, problem, answered }] of batch.entries()) {
      run.unanswered.shift()
      const { id, answer } = found[at] ?? { id: action.id, answer: null }
      if (answer) answered?.(answer)
      else void operate({ ...action, id }, problem).then(answered)
    }
    await run.recorded
  }
  run.answering = false
}

async function lookUp(run: ReleaseRun, batch: readonly Unanswered[]): Promise<readonly FoundAction[]> {
  const actions = batch.map(({ action: { id, action } }) => ({ id, action }))
  const { findActions } = shared(`Look up ${batch.length} operator actions`)
  try {
    return await CancellationScope.nonCancellable(() => findActions({ ...runRef(run), actions }))
  } catch {
    // The ledger refuses to record an id twice, with the reason in the answer.
    return []
  }
}
