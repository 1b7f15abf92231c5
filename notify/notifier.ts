/**
 * Tells receivers what the chain says, at least once each, in order. Nothing is kept in memory: what was not noted as delivered
 * is sent again, by this process or the next one.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../contracts/error-text.js'
import type { Registry } from '../registry/index.js'
import { type Notice, noticeOf } from './notice.js'
import { noticesOfStuck } from './stuck-notices.js'

export interface Receiver {
  /** Deliveries are noted under this name. */
  readonly name: string
  /** Rejects when the receiver did not take it. */
  deliver(notice: Notice): Promise<void>
}

const EVERY_MS = 1_000
const LONGEST_WAIT_MS = 60_000

type World = { registry: Registry; now: () => number }
/** Of the notifier itself: a receiver that is told nothing must not go unseen. */
type Say = (text: string) => void

/** Until `signal` aborts. A receiver that fails is tried again after 2, 4, 8 … seconds, and holds up no other. */
export async function runNotifier(
  world: World,
  receivers: readonly Receiver[],
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  await Promise.all(receivers.map((receiver) => serve(world, receiver, signal, say)))
}

async function serve(world: World, receiver: Receiver, signal: AbortSignal, say: Say): Promise<void> {
  let wait = EVERY_MS
  while (!signal.aborted) {
    try {
      await deliverPending(world, receiver)
      if (wait > EVERY_MS) say(`${receiver.name} is told again, also what it missed`)
      wait = EVERY_MS
    } catch (error) {
      const why = errorText(error)
      if (wait === EVERY_MS) say(`${receiver.name} cannot be told (${why}); tried again until it can`)
      wait = Math.min(LONGEST_WAIT_MS, wait * 2)
    }
    await pause(wait, undefined, { signal }).catch(() => {})
  }
}

/** @returns how many were delivered. @throws what the receiver or the registry threw; what was delivered is noted */
export async function deliverPending({ registry, now }: World, receiver: Receiver): Promise<number> {
  const iso = () => new Date(now()).toISOString()
  let delivered = 0
  const deliver = async (id: string, notice: Notice | undefined) => {
    if (notice) await receiver.deliver(notice)
    // Also what needs no words, so that it is not looked at again.
    await registry.notices.recordDelivery(receiver.name, id, iso())
    if (notice) delivered += 1
  }
  for (;;) {
    const entries = await registry.notices.undelivered(receiver.name, iso())
    if (entries.length === 0) break
    for (const entry of entries) await deliver(`${entry.project}/${entry.seq}`, noticeOf(entry))
  }
  const told = await registry.notices.deliveredTo(receiver.name, 'stuck/')
  for (const notice of await noticesOfStuck(registry, now())) {
    if (!told.has(notice.id)) await deliver(notice.id, notice)
  }
  return delivered
}
