import { SlipwayError } from '../../contracts/failure.js'
import { parseCutoff, parseTime } from '../../contracts/instants.js'
import { cadence } from '../../contracts/schemas/schedule.js'
import type { SchedulePolicy } from '../../contracts/types.js'

/** Each is a training; more at once is a mistake in a date. */
const MOST_INSTANTS = 31

/**
 * The instants of a cadence in [from, to], each of which a backfill fires once.
 * @throws SlipwayError BadRequest for a span that is half given, backwards, in the future, empty or too long
 */
export function spanOf(
  { from, to }: { from?: string; to?: string },
  { cron, timeZone }: SchedulePolicy,
): { start: Date; end: Date; instants: Date[] } | undefined {
  if (from === undefined && to === undefined) return undefined
  if (from === undefined || to === undefined)
    throw new SlipwayError('BadRequest', '--from and --to go together: the span whose instants are made up for')
  const [start, end] = [parseTime(from, '--from'), parseCutoff(to, '--to')]
  if (start > end)
    throw new SlipwayError('BadRequest', `--from ${from} lies after --to ${to}; name the earlier instant first`)
  const instants: Date[] = []
  // `nextRun` is strictly later than what it is given.
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
