/**
 * Missed instants of a cadence: as Temporal computes them, which decides about clock changes, and each fired by itself.
 */
import { randomUUID } from 'node:crypto'
import type { Backfill, Client, ScheduleDescription } from '@temporalio/client'
import { SlipwayError } from '../../contracts/failure.js'
import { parseCutoff, parseTime } from '../../contracts/instants.js'
import { cadence } from '../../contracts/schemas/schedule.js'
import type { SchedulePolicy } from '../../contracts/types.js'

export interface Span {
  readonly start: Date
  readonly end: Date
  /** As the user wrote it. */
  readonly text: string
}

/** Each instant starts a training. More than this at once is most likely a wrong date. */
const MOST_INSTANTS = 31
const SECOND_MS = 1_000

/**
 * @returns undefined if no span is given
 * @throws SlipwayError BadRequest for a span that lacks one end, is reversed or in the future
 */
export function spanOf({ from, to }: { from?: string; to?: string }): Span | undefined {
  if (from === undefined && to === undefined) return undefined
  if (from === undefined || to === undefined)
    throw new SlipwayError('BadRequest', '--from and --to must be given together; they are the span to backfill')
  const [start, end] = [parseTime(from, '--from'), parseCutoff(to, '--to')]
  if (start > end)
    throw new SlipwayError('BadRequest', `--from ${from} is after --to ${to}; name the earlier instant first`)
  return { start, end, text: `--from ${from} --to ${to}` }
}

/** Around a clock change Temporal may mean an instant more or less than a cron line says here. */
const CLOCK_CHANGES = 2

/** Before any server is asked. @throws SlipwayError BadRequest for a span that surely has too many instants */
export function requireFewInstants({ start, end, text }: Span, { cron, timeZone }: SchedulePolicy): void {
  const few = MOST_INSTANTS + CLOCK_CHANGES
  const all = cadence(cron, timeZone).nextRuns(few + 1, start)
  if (all.length > few && (all.at(-1) ?? end) < end) throw tooMany(text)
}

const tooMany = (text: string) =>
  new SlipwayError('BadRequest', `${text}: more than ${MOST_INSTANTS} instants; name a shorter span`)

export interface Missed {
  readonly instants: readonly Date[]
  readonly backfills: Backfill[]
}

/**
 * The instants in [start, end] that a schedule means, without its jitter, and one backfill for each.
 * @throws SlipwayError BadRequest for a span without an instant, or with too many
 */
export async function missedIn(client: Client, described: ScheduleDescription, span: Span): Promise<Missed> {
  const jitter = described.spec.jitter ?? 0
  const [start, end] = [span.start.getTime(), span.end.getTime()]
  const meant = await meantInstants(client, described, { after: start - SECOND_MS, until: end + jitter + SECOND_MS })
  const missed = meant
    // The jitter would push the start of an instant beyond it; it never reaches the next instant.
    .map((at, index) => ({ at, until: Math.min(at + jitter + SECOND_MS, (meant[index + 1] ?? Infinity) - 1) }))
    .filter(({ at }) => at >= start && at <= end)
  if (missed.length === 0)
    throw new SlipwayError('BadRequest', `${span.text}: the schedule never fires in it; name a longer span`)
  if (missed.length > MOST_INSTANTS) throw tooMany(span.text)
  return {
    instants: missed.map(({ at }) => new Date(at)),
    backfills: missed.map(({ at, until }) => ({
      start: new Date(at - SECOND_MS),
      end: new Date(until),
      overlap: 'ALLOW_ALL',
    })),
  }
}

/**
 * Temporal lists the instants of a schedule that exists, with its jitter. So it is asked about one that differs in the
 * jitter alone and never fires.
 * @param range epoch ms @returns epoch ms, in order
 */
async function meantInstants(
  client: Client,
  { spec }: ScheduleDescription,
  { after, until }: { after: number; until: number },
): Promise<number[]> {
  const { msToTs } = await import('@temporalio/common/lib/time.js')
  const asked = await client.schedule.create({
    scheduleId: `slipway-instants/${randomUUID()}`,
    spec: { ...spec, jitter: 0 },
    action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
    // Should this process end before it is deleted, Temporal removes it: it has nothing left to do.
    state: { remainingActions: 0 },
  })
  try {
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId: asked.scheduleId,
      startTime: msToTs(after),
      endTime: msToTs(until),
    })
    return (startTime ?? []).map(({ seconds }) => Number(seconds) * SECOND_MS)
  } finally {
    await asked.delete()
  }
}
