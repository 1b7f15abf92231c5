import { userInfo } from 'node:os'
import type { Client } from '@temporalio/client'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { scheduleId } from '../../contracts/names.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { applySchedules } from '../../releases/schedules/apply.js'
import { spanOf } from '../../releases/schedules/backfill.js'
import { checkNow, lookedText } from '../../releases/schedules/check-now.js'
import { requireSound } from '../../releases/schedules/desired.js'
import { type ScheduleState, scheduleName, scheduleStatuses } from '../../releases/schedules/statuses.js'
import type { World } from '../../releases/schedules/world.js'
import { show, table } from '../runtime/output.js'
import { connectClient, findTemporal, openRegistryHandle } from '../runtime/platform.js'

const WORDS: Record<ScheduleState, string> = {
  applied: 'as the project states it',
  not_applied: 'not applied yet; run: slipway schedule apply',
  changed_in_project: 'changed in the project since it was applied; run: slipway schedule apply',
  drift: 'changed or deleted by hand since it was applied; to restore it: slipway schedule apply',
  removed: 'no project states it any more; delete it in Temporal if it is not needed',
  by_hand_only: 'the project has no cadence',
}

const DONE = {
  created: 'created',
  updated: 'updated',
  put_right: 'restored as the project states it; it had been changed or deleted by hand',
  unchanged: 'unchanged',
} as const

interface Json {
  json?: boolean
}

interface Which {
  condition?: string
}

export function registerScheduleCommands(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('retraining on a cadence or on a condition of production, as Temporal Schedules')
  schedule
    .command('apply')
    .description('create or update the schedule of every cadence and condition in Temporal')
    .option('--by <who>', 'your name; recorded in the ledger', userInfo().username)
    .option('--json', 'print JSON')
    .action(async (options: Json & { by: string }) => {
      const projects = await loadProjects()
      // Checked before any server is opened.
      for (const project of projects.values()) requireSound(project)
      await withWorld(projects, async (world) => {
        const done = await applySchedules(world, options.by)
        const removed = (await scheduleStatuses(world)).filter(({ state }) => state === 'removed')
        show(options, { schedules: done, removed }, () =>
          [
            ...done.map((item) => `${scheduleName(item)}: ${DONE[item.done]}`),
            ...removed.map((item) => `${scheduleName(item)}: ${WORDS.removed}`),
          ].join('\n'),
        )
      })
    })
  schedule
    .command('list')
    .description('list cadences and conditions: the next run, and whether the schedule was changed by hand')
    .option('--json', 'print JSON')
    .action(async (options: Json) => {
      const statuses = await withWorld(await loadProjects(), scheduleStatuses)
      show(options, statuses, () =>
        table(
          ['schedule', 'cadence', 'next', 'state', 'last held'],
          statuses.map((status) => [
            scheduleName(status),
            status.cadence ?? '–',
            status.paused ? `paused: ${status.note}` : (status.next ?? '–'),
            WORDS[status.state],
            status.last ? `${status.last.at.slice(0, 16)} ${status.last.outcome}: ${status.last.says}` : '–',
          ]),
        ),
      )
    })
  for (const action of ['pause', 'resume'] as const) {
    schedule
      .command(`${action} <project>`)
      .description(
        action === 'pause' ? 'stop a schedule from firing until it is resumed' : 'let a paused schedule fire again',
      )
      .requiredOption('--by <who>', 'your name; shown in the note')
      .requiredOption('--reason <why>', 'why; shown in the note')
      .option('--condition <name>', 'a condition of the project (default: its cadence)')
      .option('--json', 'print JSON')
      .action(async (name: string, options: Json & Which & { by: string; reason: string }) => {
        for (const field of ['by', 'reason'] as const)
          if (options[field].trim() === '')
            throw new SlipwayError('BadRequest', `--${field} is empty; other operators read it`)
        const project = requireProject(await loadProjects(), name)
        const note = `${action}d by ${options.by}: ${options.reason}`
        await onSchedule(project, options, (handle) => (action === 'pause' ? handle.pause(note) : handle.unpause(note)))
        const condition = options.condition ?? null
        show(
          options,
          { project: name, condition, note },
          () => `${scheduleName({ project: name, condition })}: ${note}`,
        )
      })
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

async function trigger(name: string, options: Json & Which & { from?: string; to?: string }): Promise<void> {
  const project = requireProject(await loadProjects(), name)
  const { condition } = options
  if (condition !== undefined) {
    if (options.from !== undefined || options.to !== undefined)
      throw new SlipwayError('BadRequest', '--from and --to apply to a cadence; a condition is checked as it is now')
    requireStated(project, condition)
    const looked = await withClient((client) => checkNow(client, name, condition))
    show(options, { project: name, ...looked }, () => lookedText(name, looked))
    return
  }
  if (options.from !== undefined || options.to !== undefined) requireSound(project)
  const span = project.schedule && spanOf(options, project.schedule)
  await onSchedule(project, {}, (handle) =>
    span ? handle.backfill({ start: span.start, end: span.end, overlap: 'ALLOW_ALL' }) : handle.trigger('ALLOW_ALL'),
  )
  const instants = span?.instants.map((instant) => instant.toISOString())
  show(options, { project: name, ...(instants ? { instants } : {}) }, () =>
    [
      `${name}: fired${instants ? ` for ${instants.join(', ')}` : ''}`,
      `see: slipway release list --project ${name}`,
    ].join('\n'),
  )
}

/** @throws SlipwayError BadRequest naming the known conditions */
function requireStated({ name, triggers }: Project, condition: string): void {
  const known = triggers?.conditions.map((one) => one.name) ?? []
  if (known.includes(condition)) return
  throw new SlipwayError(
    'BadRequest',
    `${name} has no condition "${condition}"; ${known.length > 0 ? `known: ${known.join(', ')}` : 'the project has none'}`,
  )
}

async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { client, close } = await connectClient(await findTemporal())
  try {
    return await work(client)
  } finally {
    await close()
  }
}

const withWorld = <T>(projects: ReadonlyMap<string, Project>, work: (world: World) => Promise<T>): Promise<T> =>
  withClient(async (client) => {
    const handle = await openRegistryHandle()
    try {
      return await work({ client, registry: handle.registry, projects })
    } finally {
      await handle.stop()
    }
  })

async function onSchedule(
  project: Project,
  { condition }: Which,
  work: (handle: ReturnType<Client['schedule']['getHandle']>) => Promise<unknown>,
): Promise<void> {
  if (condition !== undefined) requireStated(project, condition)
  else if (!project.schedule) throw new SlipwayError('BadRequest', `${project.name} states no cadence in its index.ts`)
  await withClient(async (client) => {
    try {
      await work(client.schedule.getHandle(scheduleId(project.name, condition)))
    } catch (error) {
      if ((error as Error).name !== 'ScheduleNotFoundError') throw error
      const what = scheduleName({ project: project.name, condition: condition ?? null })
      throw new SlipwayError('BadRequest', `${what} has no schedule in Temporal yet; run: slipway schedule apply`)
    }
  })
}
