import { SlipwayError } from '../../contracts/failure.js'
import { parseCutoff, parseTime } from '../../contracts/instants.js'
import { cadence } from '../../contracts/schemas/schedule.js'
import type { SchedulePolicy } from '../../contracts/types.js'

export interface Span {
  readonly start: Date
  readonly end: Date
  readonly instants: readonly Date[]
}

/** Each instant starts a training. More than this at once is most likely a wrong date. */
const MOST_INSTANTS = 31

/**
 * The instants of a cadence in [from, to]; a backfill fires each of them once. Undefined if no span is given.
 * @throws SlipwayError BadRequest for a span that lacks one end, is reversed, in the future, empty or too long
 */
export function spanOf(
  { from, to }: { from?: string; to?: string },
  { cron, timeZone }: SchedulePolicy,
): Span | undefined {
  if (from === undefined && to === undefined) return undefined
  if (from === undefined || to === undefined)
    throw new SlipwayError('BadRequest', '--from and --to must be given together; they are the span to backfill')
  const [start, end] = [parseTime(from, '--from'), parseCutoff(to, '--to')]
  if (start > end)
    throw new SlipwayError('BadRequest', `--from ${from} is after --to ${to}; name the earlier instant first`)
  const instants: Date[] = []
  // `nextRun` answers an instant strictly after the given one.
  let next = cadence(cron, timeZone).nextRun(new Date(start.getTime() - 1_000))
  while (next && next <= end && instants.length <= MOST_INSTANTS) {
    if (next >= start) instants.push(next)
    next = cadence(cron, timeZone).nextRun(next)
  }
  if (instants.length === 0)
    throw new SlipwayError(
      'BadRequest',
      `--from ${from} --to ${to}: ${cron} (${timeZone}) never fires in it; name a longer span`,
    )
  if (instants.length > MOST_INSTANTS)
    throw new SlipwayError(
      'BadRequest',
      `--from ${from} --to ${to}: more than ${MOST_INSTANTS} instants; name a shorter span`,
    )
  return { start, end, instants }
}
