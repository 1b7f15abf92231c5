/** The events of one day, and which of them are sent if the traffic is limited. */
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
  // Whole days, since projects cache whole days.
  const range = { from: Math.floor(from / DAY_MS) * DAY_MS, to, ...(source === undefined ? {} : { source }) }
  for await (const event of project.replay(range)) events.push(event)
  return thinned(events, perDay).filter(({ at }) => at >= from && at < to)
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
