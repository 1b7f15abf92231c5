/**
 * A project's events a day at a time. A project may read its whole file in each call of `replay`, so one call is for a
 * fortnight where the project says that its events come in order; those of a day are handed over as they come.
 */
import { DAY_MS } from '../contracts/duration.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Project, ReplayEvent } from './project.js'

/** A project that holds all events of a call in memory must be able to. */
const SPAN_MS = 14 * DAY_MS

export type Replaying = Pick<Project, 'name' | 'replay' | 'replayInOrder'>

export interface DayReader {
  /** Epoch ms: the day after the last one that was read to its end. */
  readonly next: number
  /** Whether an open call has days that were not read. Data that have ended may have grown until the next call. */
  readonly hasMore: boolean
  /** @param day epoch ms, not before `next`; days between the two are left out */
  day(day: number): AsyncGenerator<ReplayEvent>
  close(): void
}

interface Call {
  readonly from: number
  readonly to: number
  readonly events: AsyncGenerator<ReplayEvent>
  done: boolean
}

export function readByDay(
  project: Replaying,
  { source, from }: { readonly source?: string | undefined; readonly from: number },
): DayReader {
  let next = from
  let call: Call | undefined
  /** The first event of a later day than those that were read. */
  let held: ReplayEvent | undefined

  function callFrom(day: number): Call {
    const range = { from: day, to: day + (project.replayInOrder ? SPAN_MS : DAY_MS) }
    const events = eventsIn(project.replay({ ...range, ...(source === undefined ? {} : { source }) }))
    return { ...range, events, done: false }
  }

  async function following(open: Call, day: number): Promise<ReplayEvent | undefined> {
    if (held) return held
    while (!open.done) {
      const { done = false, value } = await open.events.next()
      open.done = done
      if (done || value.at < open.from || value.at >= open.to) continue
      if (value.at < next) throw outOfOrder(project, value)
      // Days that are left out are no fault.
      if (value.at >= day) return value
    }
    return undefined
  }

  return {
    get next() {
      return next
    },
    get hasMore() {
      return call !== undefined && next < call.to && !call.done
    },
    async *day(day) {
      if (!call || day >= call.to) {
        close(call)
        call = callFrom(day)
        held = undefined
      }
      for (;;) {
        held = await following(call, day)
        if (!held || held.at >= day + DAY_MS) break
        const event: ReplayEvent = held
        held = undefined
        if (event.at >= day) yield event
      }
      next = day + DAY_MS
    },
    close: () => close(call),
  }
}

/** An own project may give any iterable, also one that is not asynchronous. */
async function* eventsIn(events: AsyncIterable<ReplayEvent>): AsyncGenerator<ReplayEvent> {
  yield* events
}

/** Files that the project has open are closed; nothing waits for it. */
function close(call: Call | undefined): void {
  call?.events.return(undefined).catch(() => {})
}

const outOfOrder = ({ name }: Replaying, { id, at }: ReplayEvent): SlipwayError =>
  new SlipwayError(
    'BadData',
    `replay of ${name} gives event ${id} of ${new Date(at).toISOString()} after events of later days; sort them by at, or remove replayInOrder from the project`,
  )
