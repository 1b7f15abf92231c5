/** Limits of what a run remembers of operator actions, and sends at once. */
import { patched } from '@temporalio/workflow'
import type { AnsweredAction, ReceivedAction } from '../contracts/messages.js'
import type { ReleaseRun } from './release-run.js'

/** Also the number of actions that stay in the state. */
const MOST = 50
/** Temporal takes 2 MB. A character of JSON takes at most six bytes, as in `\u0007`. */
const MOST_CHARACTERS = 100_000

export const inBatches = (): boolean => patched('operator-actions-in-batches')

export const charactersOf = ({ id, action, by, reason, message = '' }: ReceivedAction & { message?: string }): number =>
  id.length + action.length + by.length + reason.length + message.length

/** The first of them that may be sent together; always one. */
export const batchOf = <Item>(items: readonly Item[], actionOf: (item: Item) => ReceivedAction): Item[] =>
  items.slice(0, fitting(items, actionOf))

/** The state keeps the newest. An id that is not among them may be that of an earlier action. */
export function remember(run: ReleaseRun, action: AnsweredAction): void {
  const all = [...run.state.actions, action]
  const dropped = all.length - fitting(all.toReversed(), (one) => one)
  const forget = dropped > 0 && (run.earlier > 0 || inBatches())
  run.state.actions = forget ? all.slice(dropped) : all
  if (forget) run.earlier += dropped
}

function fitting<Item>(items: readonly Item[], actionOf: (item: Item) => ReceivedAction): number {
  let characters = 0
  const beyond = items.slice(0, MOST).findIndex((item) => {
    characters += charactersOf(actionOf(item))
    return characters > MOST_CHARACTERS
  })
  return beyond < 0 ? Math.min(items.length, MOST) : Math.max(1, beyond)
}
