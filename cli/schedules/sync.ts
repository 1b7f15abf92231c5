/** Schedules as the projects state them, brought to Temporal; each application is an entry of the project's chain. */
import type { Client, ScheduleDescription } from '@temporalio/client'
import { digestOf } from '../../contracts/canonical.js'
import { scheduleId } from '../../contracts/names.js'
import { schedulePolicy } from '../../contracts/schemas/index.js'
import type { SchedulePolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import { parseOrRefuse } from '../check.js'
import { describedDigest, desiredSchedule } from './desired.js'

/** `drift`: changed by hand since it was applied. `removed`: in Temporal, but no project states it. */
export type ScheduleCondition = 'applied' | 'not_applied' | 'changed_in_project' | 'drift' | 'removed' | 'by_hand_only'

export interface ScheduleStatus {
  readonly project: string
  readonly condition: ScheduleCondition
  readonly cadence: string | null
  readonly paused: boolean
  readonly note: string | null
  /** ISO. */
  readonly next: string | null
}

interface Applied {
  readonly policy: SchedulePolicy
  readonly desired: string
  readonly described: string
}

type World = { client: Client; registry: Registry; projects: ReadonlyMap<string, Project> }

/** Of every project, and of every schedule of Slipway's whose project is gone. */
export async function scheduleStatuses({ client, registry, projects }: World): Promise<ScheduleStatus[]> {
  const known = await Promise.all(
    [...projects.values()].map(async (project) => {
      const found = await describe(client, project.name)
      return statusOf(project, found, await lastApplied(registry, project.name))
    }),
  )
  const removed: ScheduleStatus[] = []
  for await (const { scheduleId: id, state, info } of client.schedule.list()) {
    const project = /^slipway\/(.+)$/.exec(id)?.[1]
    if (project === undefined || projects.get(project)?.schedule) continue
    const { paused, note = null } = state
    const next = info.nextActionTimes[0]?.toISOString() ?? null
    removed.push({ project, condition: 'removed', cadence: null, paused, note, next })
  }
  const gone = new Set(removed.map(({ project }) => project))
  return [...known.filter(({ project }) => !gone.has(project)), ...removed]
}

/** Creates or corrects the schedules of the given projects. One that is as it should be is left alone; a pause stays. */
export async function applySchedules(
  { client, registry, projects }: World,
  by: string,
): Promise<{ project: string; done: 'created' | 'updated' | 'unchanged' }[]> {
  const stated = [...projects.values()].flatMap(({ name, schedule }) => (schedule ? [{ name, schedule }] : []))
  // All are checked before the first is touched.
  for (const { name, schedule } of stated) parseOrRefuse(schedulePolicy, schedule, `schedule of ${name}`)
  const results: { project: string; done: 'created' | 'updated' | 'unchanged' }[] = []
  for (const { name, schedule } of stated) {
    const options = desiredSchedule(name, schedule)
    const desired = digestOf(JSON.parse(JSON.stringify(options)))
    const found = await describe(client, name)
    const last = await lastApplied(registry, name)
    if (found && last?.desired === desired && last.described === describedDigest(found)) {
      results.push({ project: name, done: 'unchanged' })
      continue
    }
    if (found) {
      const { scheduleId: _, ...changed } = options
      await client.schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...changed, state }))
    } else await client.schedule.create(options)
    const after = await describe(client, name)
    if (!after) throw new Error(`the schedule of ${name} vanished while it was applied`)
    const body: Applied & { by: string } = { by, policy: schedule, desired, described: describedDigest(after) }
    const at = (after.info.lastUpdatedAt ?? after.info.createdAt).toISOString()
    await registry.append({ project: name, kind: 'schedule', subject: options.scheduleId, key: `schedule:${at}`, body })
    results.push({ project: name, done: found ? 'updated' : 'created' })
  }
  return results
}

function statusOf(
  { name, schedule }: Project,
  found: ScheduleDescription | undefined,
  last: Applied | undefined,
): ScheduleStatus {
  const cadence = schedule ? `${schedule.cron} (${schedule.timeZone})` : null
  const state = {
    paused: found?.state.paused ?? false,
    note: found?.state.note ?? null,
    next: found?.info.nextActionTimes[0]?.toISOString() ?? null,
  }
  return { project: name, condition: conditionOf(name, schedule, found, last), cadence, ...state }
}

function conditionOf(
  name: string,
  schedule: SchedulePolicy | undefined,
  found: ScheduleDescription | undefined,
  last: Applied | undefined,
): ScheduleCondition {
  if (!schedule) return found ? 'removed' : 'by_hand_only'
  if (!found) return 'not_applied'
  if (last?.described !== describedDigest(found)) return 'drift'
  const desired = digestOf(JSON.parse(JSON.stringify(desiredSchedule(name, schedule))))
  return last.desired === desired ? 'applied' : 'changed_in_project'
}

async function describe(client: Client, project: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(scheduleId(project)).describe()
  } catch (error) {
    if ((error as Error).name === 'ScheduleNotFoundError') return undefined
    throw error
  }
}

async function lastApplied(registry: Registry, project: string): Promise<Applied | undefined> {
  const entries = await registry.entries(project, { kind: 'schedule' })
  return entries.at(-1)?.body as unknown as Applied | undefined
}
