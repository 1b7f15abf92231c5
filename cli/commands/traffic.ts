import type { Command } from 'commander'
import { eventNow, type ReleaseClock } from '../../contracts/clock.js'
import { DAY_MS } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { parseTime } from '../check.js'
import { interruption } from '../interruption.js'
import { progress, show } from '../output.js'
import { sendTraffic, unreachable } from '../traffic.js'

interface Options {
  url?: string
  source?: string
  from?: string
  days: number
  speed: number
  json?: boolean
}

export function registerTrafficCommand(program: Command): void {
  program
    .command('traffic <project>')
    .description(
      'send what happened after a cutoff as live requests, in event time, and deliver the outcomes when they became known',
    )
    .option('--url <url>', 'the decision service (default: on this machine, SLIPWAY_PORT or 7070)')
    .option('--source <path>', 'the data: a file or folder (default: the project’s own)')
    .option(
      '--from <date>',
      'event time to begin with, where no release judges live traffic (default: the project’s cutoff)',
    )
    .option('--days <n>', 'event days to send at most', Number, 30)
    .option('--speed <n>', 'how many times faster than real time, where no release judges live traffic', Number, 1_000)
    .option('--json', 'print JSON')
    .action(traffic)
}

interface AliasesAnswer {
  readonly split: { readonly workflowId: string; readonly evidence: string; readonly clock: ReleaseClock } | null
}

async function traffic(name: string, options: Options): Promise<void> {
  const project = requireProject(await loadProjects(), name)
  if (!(options.days > 0) || !(options.speed > 0))
    throw new SlipwayError('BadRequest', '--days and --speed must be numbers above zero')
  const url = options.url ?? `http://127.0.0.1:${process.env.SLIPWAY_PORT || 7070}`
  const token = process.env.SLIPWAY_TOKEN
  const headers = token ? { authorization: `Bearer ${token}` } : undefined
  const response = await fetch(`${url}/v1/projects/${name}/aliases`, headers ? { headers } : {}).catch(
    (error: unknown) => {
      throw unreachable(url, error)
    },
  )
  if (!response.ok) throw new SlipwayError('BadRequest', `${url}: ${response.status} ${await response.text()}`)
  const { split } = (await response.json()) as AliasesAnswer
  const run = split?.evidence === 'live' ? split : null
  const from = parseTime(options.from ?? project.defaultCutoff, '--from').getTime()
  const clock = run?.clock ?? { eventStart: from, wallStart: Date.now(), speed: options.speed }
  const signal = interruption()
  progress(
    run
      ? `${run.workflowId} is judged on this: event time ${new Date(eventNow(clock, Date.now())).toISOString()}, ${clock.speed} times as fast`
      : `no release judges live traffic of ${name}; event time begins ${new Date(from).toISOString()}`,
  )
  const counts = await sendTraffic(project, {
    ...{ url, token, source: options.source, clock, signal },
    name: `traffic/${run?.workflowId ?? `${name}/${clock.wallStart}`}`,
    until: eventNow(clock, Date.now()) + options.days * DAY_MS,
    onDay: ({ decided, labels }, day) =>
      progress(`${new Date(day).toISOString().slice(0, 10)}: ${decided} decisions, ${labels} labels`),
  })
  show(options, counts, () => {
    const arms = Object.entries(counts.byArm).map(([arm, count]) => `${count} ${arm}`)
    return `${counts.decided} decisions (${arms.join(', ')}), ${counts.labels} labels delivered, ${counts.retried} tries again`
  })
}
