import { userInfo } from 'node:os'
import type { Client } from '@temporalio/client'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { scheduleId } from '../../contracts/names.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { parseTime } from '../check.js'
import { show, table } from '../output.js'
import { connectClient, findTemporal, openRegistryHandle } from '../platform.js'
import { applySchedules, type ScheduleCondition, scheduleStatuses } from '../schedules/sync.js'

const WORDS: Record<ScheduleCondition, string> = {
  applied: 'as the project states it',
  not_applied: 'not applied yet; run: slipway schedule apply',
  changed_in_project: 'the project states another cadence now; run: slipway schedule apply',
  drift: 'changed by hand since it was applied; slipway schedule apply puts it right',
  removed: 'no project states it any more; delete it in Temporal if nobody needs it',
  by_hand_only: 'the project has no cadence',
}

interface Json {
  json?: boolean
}

export function registerScheduleCommands(program: Command): void {
  const schedule = program.command('schedule').description('retraining by the clock, as Temporal Schedules')
  schedule
    .command('apply')
    .description('bring every project’s cadence to Temporal; changes nothing that is as it should be')
    .option('--by <who>', 'who does it', userInfo().username)
    .option('--json', 'print JSON')
    .action(async (options: Json & { by: string }) => {
      await withWorld(async (world) => {
        const done = await applySchedules(world, options.by)
        const removed = (await scheduleStatuses(world)).filter(({ condition }) => condition === 'removed')
        show(options, { schedules: done, removed }, () =>
          [
            ...done.map((item) => `${item.project}: ${item.done}`),
            ...removed.map(({ project }) => `${project}: ${WORDS.removed}`),
          ].join('\n'),
        )
      })
    })
  schedule
    .command('list')
    .description('what is scheduled, when next, and whether somebody changed it by hand')
    .option('--json', 'print JSON')
    .action(async (options: Json) => {
      const statuses = await withWorld(scheduleStatuses)
      show(options, statuses, () =>
        table(
          ['project', 'cadence', 'next', 'state'],
          statuses.map(({ project, cadence, next, paused, note, condition }) => [
            project,
            cadence ?? '–',
            paused ? `paused: ${note}` : (next ?? '–'),
            WORDS[condition],
          ]),
        ),
      )
    })
  for (const action of ['pause', 'resume'] as const) {
    schedule
      .command(`${action} <project>`)
      .requiredOption('--by <who>', 'your name: it stands in the note')
      .requiredOption('--reason <why>', 'why: it stands in the note')
      .option('--json', 'print JSON')
      .action(async (project: string, options: Json & { by: string; reason: string }) => {
        const note = `${action}d by ${options.by}: ${options.reason}`
        await onSchedule(project, (handle) => (action === 'pause' ? handle.pause(note) : handle.unpause(note)))
        show(options, { project, note }, () => `${project}: ${note}`)
      })
  }
  schedule
    .command('trigger <project>')
    .description('fire it now, or for the instants of a span that were missed; a trigger skips no stage')
    .option('--from <time>', 'first instant of the span')
    .option('--to <time>', 'last instant of the span')
    .option('--json', 'print JSON')
    .action(async (project: string, options: Json & { from?: string; to?: string }) => {
      const span = spanOf(options)
      await onSchedule(project, (handle) =>
        span ? handle.backfill({ ...span, overlap: 'ALLOW_ALL' }) : handle.trigger('ALLOW_ALL'),
      )
      show(options, { project, ...span }, () => `${project}: fired; see: slipway release list --project ${project}`)
    })
}

function spanOf({ from, to }: { from?: string; to?: string }): { start: Date; end: Date } | undefined {
  if (from === undefined && to === undefined) return undefined
  if (from === undefined || to === undefined)
    throw new SlipwayError('BadRequest', '--from and --to go together: the span whose instants are made up for')
  const [start, end] = [parseTime(from, '--from'), parseTime(to, '--to')]
  if (start > end) throw new SlipwayError('BadRequest', `--from ${from} lies after --to ${to}`)
  return { start, end }
}

async function withWorld<T>(work: (world: Parameters<typeof scheduleStatuses>[0]) => Promise<T>): Promise<T> {
  const projects = await loadProjects()
  const { client, close } = await connectClient(await findTemporal())
  try {
    const handle = await openRegistryHandle()
    try {
      return await work({ client, registry: handle.registry, projects })
    } finally {
      await handle.stop()
    }
  } finally {
    await close()
  }
}

async function onSchedule(
  project: string,
  work: (handle: ReturnType<Client['schedule']['getHandle']>) => Promise<unknown>,
): Promise<void> {
  requireProject(await loadProjects(), project)
  const { client, close } = await connectClient(await findTemporal())
  try {
    await work(client.schedule.getHandle(scheduleId(project)))
  } catch (error) {
    if ((error as Error).name !== 'ScheduleNotFoundError') throw error
    throw new SlipwayError('BadRequest', `${project} has no schedule in Temporal yet; run: slipway schedule apply`)
  } finally {
    await close()
  }
}
