/**
 * A client of the decision service. It requests decisions for the events after a cutoff, in event time, and delivers
 * each outcome when it became known. It uses only the service's HTTP routes and the project's data.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventNow, type ReleaseClock, wallUntil } from '../contracts/clock.js'
import { DAY_MS } from '../contracts/duration.js'
import { SlipwayError } from '../contracts/failure.js'
import { eventDecisionId } from '../projects/event-decision-id.js'
import type { Project, ReplayEvent } from '../projects/project.js'
import { createCalls, RequestRefused } from './calls.js'
import { openDays } from './days.js'
import { deliverWhenKnown } from './deliver-labels.js'
import type { Due, TrafficCounts } from './messages.js'
import type { Outbox } from './outbox.js'

/** In characters; as the service takes them. */
const LONGEST_ID = 200

export interface TrafficOptions {
  readonly url: string
  readonly token?: string | undefined
  readonly source?: string | undefined
  /** Event time against wall time: the clock of the open release, if there is one. */
  readonly clock: ReleaseClock
  /** Part of every decision id. The same name requests the same decisions. */
  readonly name: string
  /** Epoch ms of event time. Later events are not sent. */
  readonly until: number
  /** About the greatest number of requests an event day, the same entities on every machine; all events when absent. */
  readonly perDay?: number | undefined
  /** Keeps outcomes that are still to be delivered beyond the end of this process. */
  readonly outbox?: Outbox | undefined
  /** When it aborts, no more decisions are requested, but outcomes are still delivered. */
  readonly enough?: AbortSignal
  readonly signal: AbortSignal
  readonly onDay?: (counts: TrafficCounts, day: number) => void
}

const IN_FLIGHT = 64
/** In event time. No decision is requested for an older event. */
const TOO_LATE_MS = DAY_MS / 2

export async function sendTraffic(project: Project, options: TrafficOptions): Promise<TrafficCounts> {
  const { clock, signal, until, outbox } = options
  const counts: TrafficCounts = { decided: 0, byArm: {}, labels: 0, rejected: 0, refused: 0, retried: 0, skipped: 0 }
  const calls = createCalls(project.name, options, () => {
    counts.retried += 1
  })
  const stop = options.enough ? AbortSignal.any([options.enough, signal]) : signal
  const due: Due[] = await (outbox?.kept() ?? [])
  let sending = true
  const delivering = deliverWhenKnown(due, { clock, signal, sending: () => sending, calls, counts })
  let failure: unknown
  // The failure is thrown below. Until then it must not end the process as an unhandled rejection.
  delivering.catch((error: unknown) => {
    failure ??= error
  })
  const flights = new Set<Promise<void>>()
  const ask = async (event: ReplayEvent) => {
    const decisionId = eventDecisionId(options.name, event.id, LONGEST_ID)
    const { arm } = await calls.decide({ decisionId, entityKey: event.entityKey, input: event.input })
    counts.decided += 1
    counts.byArm[arm] = (counts.byArm[arm] ?? 0) + 1
    if (event.label === null || event.knownAt === null) return
    const one = { decisionId, label: event.label, knownAt: event.knownAt }
    due.push(one)
    outbox?.keep(one)
  }
  const days = openDays(project, options)
  try {
    const began = eventNow(clock, Date.now())
    const first = Math.floor(began / DAY_MS) * DAY_MS
    const load = (day: number) => days.of({ from: Math.max(day, began), to: Math.min(day + DAY_MS, until) })
    let next = load(first)
    for (let day = first; day < until && !stop.aborted; day += DAY_MS) {
      const events = await next
      // The next day is read while this one is sent.
      next = load(day + DAY_MS)
      next.catch(() => {})
      for (const event of events) {
        if (stop.aborted) break
        if (eventNow(clock, Date.now()) - event.at > TOO_LATE_MS) {
          counts.skipped += 1
          continue
        }
        const wait = wallUntil(clock, event.at, Date.now())
        if (wait > 1) await sleep(wait, undefined, { signal: stop })
        while (flights.size >= IN_FLIGHT) await Promise.race(flights)
        if (failure !== undefined) throw failure
        const flight: Promise<void> = ask(event)
          .catch((error: unknown) => {
            if (error instanceof RequestRefused) countRefusal(counts, error)
            else failure ??= error
          })
          .finally(() => flights.delete(flight))
        flights.add(flight)
      }
      if (!stop.aborted) options.onDay?.(counts, day)
    }
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    days.close()
    await Promise.all(flights)
    sending = false
    await delivering
    await outbox?.close()
  }
  if (failure !== undefined && !signal.aborted) throw failure
  // Not one input is wrong then, but the data, or what the service takes.
  if (counts.decided === 0 && counts.firstRefusal !== undefined)
    throw new SlipwayError(
      'BadRequest',
      `all ${counts.refused} requests were refused; the first: ${counts.firstRefusal}`,
    )
  return counts
}

function countRefusal(counts: TrafficCounts, refusal: RequestRefused): void {
  counts.refused += 1
  counts.firstRefusal ??= refusal.message
}

export const unreachable = (url: string, error: unknown): SlipwayError =>
  new SlipwayError('Unavailable', `no decision service answers at ${url}; start one with: slipway up`, { cause: error })
