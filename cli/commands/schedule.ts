import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { ScheduleContext } from '../../releases/schedules/applied-schedules.js'
import { applySchedules } from '../../releases/schedules/apply.js'
import { checkNow } from '../../releases/schedules/check-now.js'
import { requireSound } from '../../releases/schedules/desired.js'
import { scheduleName, scheduleStatuses } from '../../releases/schedules/statuses.js'
import { fireCadence, pauseOrResume, requireCondition } from '../../releases/schedules/steer-schedule.js'
import { byOption, requireActor } from '../runtime/by-option.js'
import { callServer } from '../runtime/call-server.js'
import { show } from '../runtime/output.js'
import { openRegistryHandle } from '../runtime/platform.js'
import { nameOption, requireName, serverOf, serverOption } from '../runtime/server-option.js'
import { withClient } from '../runtime/with-client.js'
import { applicationsText, conditionText, firedText, statusesText } from '../views/schedule-view.js'

interface JsonOption {
  json?: boolean
}

interface SteerOptions extends JsonOption {
  by?: string
  reason: string
  server?: string
  condition?: string
}

interface TriggerOptions extends JsonOption {
  condition?: string
  from?: string
  to?: string
}

export function registerScheduleCommands(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('retraining on a cadence or on a condition of production, as Temporal Schedules')
  schedule
    .command('apply')
    .description('create or update the schedule of every cadence and condition in Temporal')
    .addOption(byOption())
    .option('--json', 'print JSON')
    .action(apply)
  schedule
    .command('list')
    .description('list cadences and conditions: the next run, and whether the schedule was changed by hand')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const statuses = await withSchedules(await loadProjects(), scheduleStatuses)
      show(options, statuses, statusesText)
    })
  for (const action of ['pause', 'resume'] as const) {
    schedule
      .command(`${action} <project>`)
      .description(
        action === 'pause' ? 'stop a schedule from firing until it is resumed' : 'let a paused schedule fire again',
      )
      .addOption(nameOption())
      .requiredOption('--reason <why>', 'why; shown in the note')
      .addOption(serverOption())
      .option('--condition <name>', 'a condition of the project (default: its cadence)')
      .option('--json', 'print JSON')
      .action((name: string, options: SteerOptions) => steer(action, name, options))
  }
  schedule
    .command('trigger <project>')
    .description('fire the cadence now or for missed instants, or check a condition now; the release skips no stage')
    .option('--condition <name>', 'check this condition; prints its numbers and what was done')
    .option('--from <time>', 'first instant of the span to backfill')
    .option('--to <time>', 'last instant of the span to backfill')
    .option('--json', 'print JSON')
    .action(trigger)
}

async function apply(options: JsonOption & { by: string }, command: Command): Promise<void> {
  requireActor(command.getOptionValueSource('by') === 'cli')
  const projects = await loadProjects()
  // Checked before any server is opened.
  for (const project of projects.values()) requireSound(project)
  await withSchedules(projects, async (schedules) => {
    const done = await applySchedules(schedules, options.by)
    const removed = (await scheduleStatuses(schedules)).filter(({ state }) => state === 'removed')
    show(options, { schedules: done, removed }, (shown) => applicationsText(shown.schedules, shown.removed))
  })
}

async function steer(action: 'pause' | 'resume', name: string, options: SteerOptions): Promise<void> {
  const note = await steerSchedule(action, name, options)
  const condition = options.condition ?? null
  show(options, { project: name, condition, note }, (shown) => `${scheduleName(shown)}: ${shown.note}`)
}

async function steerSchedule(action: 'pause' | 'resume', name: string, options: SteerOptions): Promise<string> {
  const { condition, by, reason } = options
  const server = serverOf(options)
  if (server !== undefined) {
    const path = ['v1', 'projects', name, 'schedule', 'actions']
    return (await callServer<{ note: string }>(server, path, { action, condition, by, reason })).note
  }
  const about = { by: requireName(options), reason }
  const project = requireProject(await loadProjects(), name)
  return await pauseOrResume(withClient, action, { project, condition }, about)
}

async function trigger(name: string, options: TriggerOptions): Promise<void> {
  const project = requireProject(await loadProjects(), name)
  const { condition, from, to } = options
  if (condition === undefined) {
    const instants = (await fireCadence(withClient, project, options))?.map((instant) => instant.toISOString())
    show(options, { project: name, ...(instants ? { instants } : {}) }, () => firedText(name, instants))
    return
  }
  if (from !== undefined || to !== undefined)
    throw new SlipwayError('BadRequest', '--from and --to apply to a cadence; a condition is checked as it is now')
  requireCondition(project, condition)
  const result = await withClient((client) => checkNow(client, name, condition))
  show(options, { project: name, ...result }, (shown) => conditionText(name, shown))
}

const withSchedules = <T>(
  projects: ReadonlyMap<string, Project>,
  work: (schedules: ScheduleContext) => Promise<T>,
): Promise<T> =>
  withClient(async (client) => {
    const handle = await openRegistryHandle()
    try {
      return await work({ client, registry: handle.registry, projects })
    } finally {
      await handle.stop()
    }
  })
