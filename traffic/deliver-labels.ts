import { setTimeout as sleep } from 'node:timers/promises'
import { eventNow, type ReleaseClock } from '../contracts/clock.js'
import type { createCalls } from './calls.js'
import type { Due, TrafficCounts } from './messages.js'

const BATCH = 500
/** Each delivery is one request and one transaction for all outcomes that became known meanwhile. */
const TICK_MS = 100

/** Delivers each outcome when the event clock reaches the instant at which it became known, until all are delivered. */
export async function deliverWhenKnown(
  due: Due[],
  {
    clock,
    signal,
    sending,
    calls,
    counts,
  }: {
    clock: ReleaseClock
    signal: AbortSignal
    sending: () => boolean
    calls: Pick<ReturnType<typeof createCalls>, 'deliver'>
    counts: TrafficCounts
  },
): Promise<void> {
  while (!signal.aborted && (sending() || due.length > 0)) {
    await sleep(TICK_MS)
    const now = eventNow(clock, Date.now())
    const ready = due.filter(({ knownAt }) => knownAt <= now).slice(0, BATCH)
    if (ready.length === 0) continue
    const taken = new Set(ready)
    due.splice(0, due.length, ...due.filter((one) => !taken.has(one)))
    const labels = ready.map(({ decisionId, label, knownAt }) => ({
      decisionId,
      label,
      observedAt: new Date(knownAt).toISOString(),
    }))
    const answer = await calls.deliver(labels)
    counts.labels += answer.accepted + answer.corrections
    counts.rejected += answer.rejected.length
  }
}
