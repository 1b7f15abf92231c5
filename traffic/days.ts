/** The events of one day, and which of them are sent if the traffic is limited. */
import { createHash } from 'node:crypto'
import { DAY_MS } from '../contracts/duration.js'
import type { ReplayEvent } from '../projects/project.js'
import { type DayReader, type Replaying, readByDay } from '../projects/replay-by-day.js'

interface Wanted {
  readonly source?: string | undefined
  readonly perDay?: number | undefined
}

interface Range {
  readonly from: number
  readonly to: number
}

export interface Days {
  /** @returns the events in [from, to), within one day and in event order; each call is of a later day */
  of(range: Range): Promise<ReplayEvent[]>
  close(): void
}

export function openDays(project: Replaying, { source, perDay }: Wanted): Days {
  let reader: DayReader | undefined
  return {
    async of({ from, to }) {
      if (from >= to) return []
      const day = Math.floor(from / DAY_MS) * DAY_MS
      reader ??= readByDay(project, { source, from: day })
      const events: ReplayEvent[] = []
      for await (const event of reader.day(day)) events.push(event)
      return thinned(events, perDay).filter(({ at }) => at >= from && at < to)
    },
    close: () => reader?.close(),
  }
}

/** Thins by entity, so that a returning entity is sent always or never. The choice is the same on every machine. */
export function thinned(events: readonly ReplayEvent[], perDay: number | undefined): readonly ReplayEvent[] {
  if (perDay === undefined || events.length <= perDay) return events
  const share = perDay / events.length
  return events.filter(({ entityKey }) => placeOf(entityKey) < share)
}

/** Uniform in [0, 1). The salt differs from that of the split, so that thinning does not depend on the arm. */
const placeOf = (entityKey: string): number =>
  createHash('sha256').update('traffic\0').update(entityKey).digest().readUInt32BE(0) / 2 ** 32
