/**
 * Sends notices of ledger entries to receivers: each at least once, in order. Nothing is kept in memory: a notice whose
 * delivery was not recorded is sent again, by this process or the next one.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Registry } from '../registry/index.js'
import { type Notice, noticeOf } from './notice.js'
import { noticesOfStuck } from './stuck-notices.js'

export interface Receiver {
  /** Deliveries are recorded under this name. */
  readonly name: string
  /**
   * Rejects when the receiver did not accept the notice: with a SlipwayError BadRequest when it never will, and
   * otherwise it is asked again.
   */
  deliver(notice: Notice): Promise<void>
}

const EVERY_MS = 1_000
const LONGEST_WAIT_MS = 60_000
const MOST_REFUSED = 10_000

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
      await deliverPending(needs, receiver, report)
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
export async function deliverPending(
  { registry, now }: Needs,
  receiver: Receiver,
  report: Report = () => {},
): Promise<number> {
  let delivered = 0
  /** A notice that is refused for good must not keep back those after it. @returns whether it was accepted */
  const deliver = async (notice: Notice): Promise<boolean> => {
    const why = await refusalOf(receiver, notice)
    if (why === undefined) return true
    await registry.notices.recordRefusal(receiver.name, notice, why)
    report(`${receiver.name} refused notice ${notice.id} (${why}); see: slipway release list --needs-attention`)
    return false
  }
  for (;;) {
    const entries = await registry.notices.undelivered(receiver.name)
    if (entries.length === 0) break
    for (const entry of entries) {
      const notice = noticeOf(entry)
      const accepted = notice !== undefined && (await deliver(notice))
      // Also for entries that need no notice, so that they are not read again.
      const { project, seq } = entry
      await registry.notices.recordEntry(receiver.name, { project, seq, notice: accepted })
      if (accepted) delivered += 1
    }
  }
  const stuck = await noticesOfStuck(registry, now())
  const before = await registry.notices.delivered(
    receiver.name,
    stuck.map(({ id }) => id),
  )
  for (const notice of stuck.filter(({ id }) => !before.has(id))) {
    if (!(await deliver(notice))) continue
    await registry.notices.recordDelivery(receiver.name, notice.id)
    delivered += 1
  }
  return delivered
}

/** Why the receiver will never accept it; undefined when it did. @throws what a later try may not meet */
async function refusalOf(receiver: Receiver, notice: Notice): Promise<string | undefined> {
  try {
    await receiver.deliver(notice)
    return undefined
  } catch (error) {
    if (error instanceof SlipwayError && error.type === 'BadRequest') return errorText(error)
    throw error
  }
}

/** Sends refused notices of this receiver again, in order. @throws as `deliverPending` */
export async function resendRefused(
  registry: Registry,
  receiver: Receiver,
): Promise<{ sent: number; refused: number }> {
  const counts = { sent: 0, refused: 0 }
  for (const { receiver: name, notice } of await registry.notices.refused(MOST_REFUSED)) {
    if (name !== receiver.name) continue
    if ((await refusalOf(receiver, notice as Notice)) !== undefined) counts.refused += 1
    else {
      await registry.notices.recordResent(receiver.name, notice.id)
      counts.sent += 1
    }
  }
  return counts
}
