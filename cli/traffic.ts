/**
 * A client of the decision service like any other: asks for decisions on what happened after a cutoff, in event time, and delivers each
 * outcome when it became known. It knows the service's HTTP routes and the project's data, nothing else.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventNow, type ReleaseClock, wallUntil } from '../contracts/clock.js'
import { DAY_MS } from '../contracts/duration.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Label, Project, ReplayEvent } from '../projects/project.js'
import { createCalls } from './traffic-calls.js'

export interface TrafficOptions {
  readonly url: string
  readonly token?: string | undefined
  readonly source?: string | undefined
  /** Event time against wall time; that of the open release where there is one. */
  readonly clock: ReleaseClock
  /** Part of every decision id: the same again asks for the same decisions. */
  readonly name: string
  /** Epoch ms of event time; nothing later is sent. */
  readonly until: number
  readonly signal: AbortSignal
  readonly onDay?: (counts: TrafficCounts, day: number) => void
}

export interface TrafficCounts {
  decided: number
  readonly byArm: Record<string, number>
  labels: number
  rejected: number
  retried: number
}

interface Due {
  readonly decisionId: string
  readonly label: Label
  readonly knownAt: number
}

const IN_FLIGHT = 64
const LABEL_BATCH = 500
const TICK_MS = 20

export async function sendTraffic(project: Project, options: TrafficOptions): Promise<TrafficCounts> {
  const { clock, signal, until } = options
  const counts: TrafficCounts = { decided: 0, byArm: {}, labels: 0, rejected: 0, retried: 0 }
  const calls = createCalls(project.name, options, () => {
    counts.retried += 1
  })
  const due: Due[] = []
  let sending = true
  const delivering = deliver(due, () => sending, options, calls, counts)
  const flights = new Set<Promise<void>>()
  const ask = async (event: ReplayEvent) => {
    const decisionId = `${options.name}:${event.id}`
    const { arm } = await calls.decide({ decisionId, entityKey: event.entityKey, input: event.input })
    counts.decided += 1
    counts.byArm[arm] = (counts.byArm[arm] ?? 0) + 1
    if (event.label !== null && event.knownAt !== null)
      due.push({ decisionId, label: event.label, knownAt: event.knownAt })
  }
  let failure: unknown
  try {
    const began = eventNow(clock, Date.now())
    for (let day = Math.floor(began / DAY_MS) * DAY_MS; day < until && !signal.aborted; day += DAY_MS) {
      for (const event of await dayOf(project, options.source, Math.max(day, began), Math.min(day + DAY_MS, until))) {
        const wait = wallUntil(clock, event.at, Date.now())
        if (wait > 1) await sleep(wait, undefined, { signal })
        while (flights.size >= IN_FLIGHT) await Promise.race(flights)
        if (failure !== undefined) throw failure
        const flight: Promise<void> = ask(event)
          .catch((error: unknown) => {
            failure ??= error
          })
          .finally(() => flights.delete(flight))
        flights.add(flight)
      }
      options.onDay?.(counts, day)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await Promise.all(flights)
    sending = false
    await delivering
  }
  if (failure !== undefined && !signal.aborted) throw failure
  return counts
}

async function dayOf(project: Project, source: string | undefined, from: number, to: number): Promise<ReplayEvent[]> {
  const events: ReplayEvent[] = []
  const range = { from: Math.floor(from / DAY_MS) * DAY_MS, to, ...(source === undefined ? {} : { source }) }
  for await (const event of project.replay(range)) if (event.at >= from && event.at < to) events.push(event)
  return events
}

/** Outcomes go out when the event clock has reached the instant at which they became known, and all of them in the end. */
async function deliver(
  due: Due[],
  sending: () => boolean,
  { clock, signal }: TrafficOptions,
  calls: ReturnType<typeof createCalls>,
  counts: TrafficCounts,
): Promise<void> {
  while (!signal.aborted && (sending() || due.length > 0)) {
    await sleep(TICK_MS)
    const now = eventNow(clock, Date.now())
    const ready = due.filter(({ knownAt }) => knownAt <= now).slice(0, LABEL_BATCH)
    if (ready.length === 0) continue
    const taken = new Set(ready)
    due.splice(0, due.length, ...due.filter((one) => !taken.has(one)))
    const answer = await calls.deliver(
      ready.map(({ decisionId, label, knownAt }) => ({
        decisionId,
        label,
        observedAt: new Date(knownAt).toISOString(),
      })),
    )
    counts.labels += answer.accepted + answer.corrections
    counts.rejected += answer.rejected.length
  }
}

export const unreachable = (url: string, error: unknown): SlipwayError =>
  new SlipwayError('Unavailable', `no decision service answers at ${url}; start one with: slipway up`, { cause: error })
