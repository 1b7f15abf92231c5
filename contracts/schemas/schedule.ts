import { Cron } from 'croner'
import { z } from 'zod'
import { duration } from './common.js'

/** Training takes minutes; what fires more often than this is a mistake. */
const SHORTEST_MINUTES = 10
const LOOKED_AT = 100

/** What Temporal and `croner` both read, and read alike: the one has no L, W or #, the other no @every. */
const RANGE = String.raw`(\*|(\d+|[A-Za-z]{3})(-(\d+|[A-Za-z]{3}))?)(/\d+)?`
const FIELDS = new RegExp(`^${RANGE}(,${RANGE})*( +${RANGE}(,${RANGE})*){4}$`)

/** Temporal tells capitals from small letters, `Intl` does not. */
function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    const known = timeZone === name || timeZone.toLowerCase() !== name.toLowerCase()
    return known && name.split('/').every((part) => /^[A-Z]/.test(part))
  } catch {
    return false
  }
}

/** As Temporal reads it: where day of month and day of week are both given, a day must fit both. */
export const cadence = (cron: string, timeZone: string): Cron =>
  new Cron(cron, { mode: '5-part', timezone: timeZone, domAndDow: true })

export const schedulePolicy = z
  .strictObject({
    cron: z.string().describe('Cadence in five fields: minute, hour, day of month, month, day of week.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'is not a time zone; write it as Europe/Berlin or UTC')
      .describe('Time zone of the cadence, such as `Europe/Berlin` or `UTC`.'),
    overlap: z
      .enum(['skip', 'buffer_one', 'allow_all'])
      .describe('What happens if the previous release is still being started.'),
    catchUp: duration.describe(
      'Firings missed while the server was away are made up for if they are not older than this.',
    ),
    jitter: duration.optional().describe('Starts are spread at random over this span. Absent: none.'),
    evidence: z.enum(['replay', 'live']).optional().describe('Where the canary is judged. Absent: `replay`.'),
  })
  .describe(
    'When a project is retrained by the clock. The cutoff is the scheduled instant, not the instant of the start.',
  )
  .superRefine(({ cron, timeZone: zone }, context) => {
    // Of a zone that is none it was said already; the cadence is looked at all the same.
    const problem = problemOf(cron, isTimeZone(zone) ? zone : 'UTC')
    if (problem) context.addIssue({ code: 'custom', path: ['cron'], message: problem })
  })

const NOT_ONE = 'is not a cadence; write five fields as in "30 2 * * 1" for Mondays at 02:30'

function problemOf(cron: string, zone: string): string | undefined {
  if (!FIELDS.test(cron)) return NOT_ONE
  let fires: Date[]
  try {
    fires = cadence(cron, zone).nextRuns(LOOKED_AT)
  } catch {
    return NOT_ONE
  }
  if (fires.length === 0) return 'never fires; name a day that exists, and note that both day fields must fit'
  const gaps = fires.slice(1).map((fire, index) => (fire.getTime() - (fires[index] as Date).getTime()) / 60_000)
  const shortest = Math.min(...gaps)
  if (shortest >= SHORTEST_MINUTES) return undefined
  return `fires every ${shortest === 1 ? 'minute' : `${shortest} minutes`}; the shortest cadence is ${SHORTEST_MINUTES} minutes`
}
