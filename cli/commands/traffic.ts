import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { eventNow, requireSpeed } from '../../contracts/clock.js'
import { DAY_MS } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseTime } from '../../contracts/instants.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { followReleases, liveSplit } from '../../traffic/follow-releases.js'
import type { TrafficCounts } from '../../traffic/messages.js'
import { sendTraffic } from '../../traffic/send.js'
import { interruption } from '../runtime/interruption.js'
import { progress, show } from '../runtime/output.js'
import { home } from '../runtime/platform.js'

interface Options {
  url?: string
  snapshot?: string
  /** The name of `--snapshot` in earlier builds. */
  source?: string
  from?: string
  days: number
  speed: number
  perDay?: number
  follow?: boolean
  json?: boolean
}

export function registerTrafficCommand(program: Command): void {
  program
    .command('traffic <project>')
    .description('replay historical events to the decision service as live requests, and deliver their outcomes later')
    .option(
      '--url <url>',
      'URL of the decision service (default: address SLIPWAY_BIND or this machine, port SLIPWAY_PORT or 7070)',
    )
    .option('--snapshot <path>', 'data file or folder (default: the project’s own data)')
    .addOption(new Option('--source <path>', 'the same as --snapshot').hideHelp())
    .option('--from <date>', 'event time to start at if no release judges live traffic (default: the project’s cutoff)')
    .option('--days <n>', 'send at most this many event days', Number, 30)
    .option(
      '--speed <n>',
      'event time runs this many times faster than real time, if no release judges live traffic',
      Number,
      1_000,
    )
    .option('--per-day <n>', 'send at most about this many events per event day, chosen by entity', Number)
    .option('--follow', 'send traffic for each release while it is judged on live traffic; until Ctrl-C')
    .option('--json', 'print JSON')
    .action(traffic)
}

async function traffic(name: string, options: Options): Promise<void> {
  const project = requireProject(await loadProjects(), name)
  const { days, speed, perDay } = options
  requireSpeed(speed, '--speed')
  for (const [option, value] of [['--days', days] as const, ['--per-day', perDay ?? 1] as const]) {
    if (value > 0 && Number.isFinite(value)) continue
    throw new SlipwayError('BadRequest', `${option} is ${value}; it must be a number above zero`)
  }
  const url = options.url ?? serviceHere()
  const token = process.env.SLIPWAY_TOKEN
  const common = { url, token, source: options.snapshot ?? options.source, perDay }
  const onDay = ({ decided, labels }: TrafficCounts, day: number) =>
    progress(`${new Date(day).toISOString().slice(0, 10)}: ${decided} decisions, ${labels} labels`)
  if (options.follow) return follow(project, common, onDay)
  const run = await liveSplit(common, name)
  const from = parseTime(options.from ?? project.defaultCutoff, '--from').getTime()
  const clock = run?.clock ?? { eventStart: from, wallStart: Date.now(), speed }
  const signal = interruption()
  progress(
    run
      ? `${run.workflowId} is judged on this traffic: event time ${new Date(eventNow(clock, Date.now())).toISOString()}, ${clock.speed} times real time`
      : `no release judges live traffic of ${name}; event time starts at ${new Date(from).toISOString()}`,
  )
  const began = eventNow(clock, Date.now())
  const until = began + days * DAY_MS
  const counts = await sendTraffic(project, {
    ...common,
    clock,
    signal,
    onDay,
    name: `traffic/${run?.workflowId ?? `${name}/${clock.wallStart}`}`,
    until,
  })
  if (counts.decided + counts.refused + counts.skipped === 0 && !signal.aborted)
    throw new SlipwayError(
      'BadRequest',
      `${common.source ?? name} has no events from ${dayOf(began)} to ${dayOf(until)}, so nothing was sent; give another --from`,
    )
  show(options, counts, countsText)
}

const dayOf = (instant: number): string => new Date(Math.min(instant, 8.64e15)).toISOString().slice(0, 10)

/** The service of this machine listens on one address: any address of it is reached by the loopback too. */
export function serviceHere({ SLIPWAY_BIND, SLIPWAY_PORT } = process.env): string {
  const named = SLIPWAY_BIND || '127.0.0.1'
  const host = named === '0.0.0.0' ? '127.0.0.1' : named === '::' ? '::1' : named
  return `http://${host.includes(':') ? `[${host}]` : host}:${SLIPWAY_PORT || 7070}`
}

/** Runs until Ctrl-C, or until the parent process has ended. */
async function follow(
  project: Project,
  common: { url: string; token: string | undefined; source: string | undefined; perDay: number | undefined },
  onDay: (counts: TrafficCounts, day: number) => void,
): Promise<void> {
  const parentGone = new AbortController()
  if (process.send) process.once('disconnect', () => parentGone.abort())
  await followReleases(project, {
    ...common,
    onDay,
    folder: join(home(), 'traffic'),
    signal: AbortSignal.any([interruption(), parentGone.signal]),
    onRun: ({ workflowId, clock }) =>
      progress(`${workflowId} is judged on this traffic, ${clock.speed} times real time`),
    onEnd: ({ workflowId }, counts) => progress(`${workflowId}: ${countsText(counts)}`),
  })
  if (process.connected) process.disconnect()
}

const countsText = ({ decided, byArm, labels, retried, skipped, refused, firstRefusal }: TrafficCounts): string => {
  const arms = Object.entries(byArm).map(([arm, count]) => `${count} ${arm}`)
  const behind = skipped === 0 ? '' : `, ${skipped} skipped for lack of time`
  const wrong = refused === 0 ? '' : `, ${refused} refused, the first: ${firstRefusal}`
  return `${decided} decisions (${arms.join(', ')}), ${labels} labels delivered, ${retried} retries${behind}${wrong}`
}
