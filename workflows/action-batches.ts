/** Limits of what a run remembers of operator actions, and sends at once. Temporal takes 2 MB. */
import { patched } from '@temporalio/workflow'
import type { AnsweredAction, ReceivedAction } from '../contracts/messages.js'
import type { ReleaseRun } from './release-run.js'

/** Also the number of actions that stay in the state. */
const MOST = 50
const MOST_BYTES = 600_000
/** Of the queue that a run takes along when it continues as another one, together with its state. */
const MOST_CARRIED_BYTES = 1_000_000

export const inBatches = (): boolean => patched('operator-actions-in-batches')

const encoder = new TextEncoder()
const bytesOf = (action: ReceivedAction): number => encoder.encode(JSON.stringify(action)).length

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

/** Whether another Temporal run can take all of them along. */
export function queueFits({ unrecorded, unanswered }: ReleaseRun): boolean {
  let bytes = 0
  return [...unrecorded, ...unanswered].every(({ action }) => {
    bytes += bytesOf(action)
    return bytes <= MOST_CARRIED_BYTES
  })
}

function fitting<Item>(items: readonly Item[], actionOf: (item: Item) => ReceivedAction): number {
  let bytes = 0
  const beyond = items.slice(0, MOST).findIndex((item) => {
    bytes += bytesOf(actionOf(item))
    return bytes > MOST_BYTES
  })
  return beyond < 0 ? Math.min(items.length, MOST) : Math.max(1, beyond)
}
