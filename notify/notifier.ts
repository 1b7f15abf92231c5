/**
 * Sends notices of ledger entries to receivers: each at least once, in order. Nothing is kept in memory: a notice whose
 * delivery was not recorded is sent again, by this process or the next one.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../contracts/error-text.js'
import type { Registry } from '../registry/index.js'
import { type Notice, noticeOf } from './notice.js'
import { noticesOfStuck } from './stuck-notices.js'

export interface Receiver {
  /** Deliveries are recorded under this name. */
  readonly name: string
  /** Rejects when the receiver did not accept the notice. */
  deliver(notice: Notice): Promise<void>
}

const EVERY_MS = 1_000
const LONGEST_WAIT_MS = 60_000

interface Needs {
  readonly registry: Registry
  /** Wall time in epoch ms. */
  readonly now: () => number
}
/** Reports problems of the notifier itself: an operator must see that a receiver gets no notices. */
type Report = (text: string) => void

/**
 * Runs until `signal` aborts. A receiver that fails is retried after 2, 4, 8 … seconds, and does not delay the others.
 */
export async function runNotifier(
  needs: Needs,
  receivers: readonly Receiver[],
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  await Promise.all(receivers.map((receiver) => serve(needs, receiver, signal, report)))
}

async function serve(needs: Needs, receiver: Receiver, signal: AbortSignal, report: Report): Promise<void> {
  let wait = EVERY_MS
  while (!signal.aborted) {
    try {
      await deliverPending(needs, receiver)
      if (wait > EVERY_MS) report(`${receiver.name} accepts notices again, and received those it had missed`)
      wait = EVERY_MS
    } catch (error) {
      const why = errorText(error)
      if (wait === EVERY_MS) report(`${receiver.name} did not accept a notice (${why}); retrying until it does`)
      wait = Math.min(LONGEST_WAIT_MS, wait * 2)
    }
    await pause(wait, undefined, { signal }).catch(() => {})
  }
}

/**
 * @returns how many notices were delivered.
 * @throws what the receiver or registry threw; earlier deliveries are recorded
 */
export async function deliverPending({ registry, now }: Needs, receiver: Receiver): Promise<number> {
  let delivered = 0
  for (;;) {
    const entries = await registry.notices.undelivered(receiver.name)
    if (entries.length === 0) break
    for (const entry of entries) {
      const notice = noticeOf(entry)
      if (notice) await receiver.deliver(notice)
      // Also for entries that need no notice, so that they are not read again.
      const { project, seq } = entry
      await registry.notices.recordEntry(receiver.name, { project, seq, notice: notice !== undefined })
      if (notice) delivered += 1
    }
  }
  const stuck = await noticesOfStuck(registry, now())
  const before = await registry.notices.delivered(
    receiver.name,
    stuck.map(({ id }) => id),
  )
  for (const notice of stuck.filter(({ id }) => !before.has(id))) {
    await receiver.deliver(notice)
    await registry.notices.recordDelivery(receiver.name, notice.id)
    delivered += 1
  }
  return delivered
}
