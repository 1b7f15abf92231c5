/** The events of one day, and which of them are sent where a client may not send all. */
import { createHash } from 'node:crypto'
import { DAY_MS } from '../contracts/duration.js'
import type { Project, ReplayEvent } from '../projects/project.js'

interface Wanted {
  readonly source?: string | undefined
  readonly perDay?: number | undefined
}

/** @returns those in [from, to), in event order */
export async function eventsOf(
  project: Pick<Project, 'replay'>,
  { source, perDay }: Wanted,
  { from, to }: { from: number; to: number },
): Promise<ReplayEvent[]> {
  const events: ReplayEvent[] = []
  if (from >= to) return events
  // Whole days: what a project keeps of them is good for the next piece, too.
  const range = { from: Math.floor(from / DAY_MS) * DAY_MS, to, ...(source === undefined ? {} : { source }) }
  for await (const event of project.replay(range)) events.push(event)
  return thinned(events, perDay).filter(({ at }) => at >= from && at < to)
}

/** By entity, so that one that comes back is there each time or never; the same on every machine, and no matter how fast it is. */
export function thinned(events: readonly ReplayEvent[], perDay: number | undefined): readonly ReplayEvent[] {
  if (perDay === undefined || events.length <= perDay) return events
  const share = perDay / events.length
  return events.filter(({ entityKey }) => placeOf(entityKey) < share)
}

/** 0 to 1. Salted apart from the split of the arms. */
const placeOf = (entityKey: string): number =>
  createHash('sha256').update('traffic\0').update(entityKey).digest().readUInt32BE(0) / 2 ** 32
