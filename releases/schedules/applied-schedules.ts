/** Schedules as Temporal describes them, and as they were last applied according to the ledger. */
import type { Client, ScheduleDescription } from '@temporalio/client'
import type { AppliedSchedule } from '../../contracts/ledger/index.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

export type ScheduleContext = { client: Client; registry: Registry; projects: ReadonlyMap<string, Project> }

/** Undefined if Temporal has no schedule with this id. */
export async function describe(client: Client, id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(id).describe()
  } catch (error) {
    if ((error as Error).name === 'ScheduleNotFoundError') return undefined
    throw error
  }
}

export async function lastApplied(
  registry: Registry,
  project: string,
  id: string,
): Promise<AppliedSchedule | undefined> {
  const entries = await registry.ledger.entries(project, { kind: 'schedule', subject: id })
  return entries.at(-1)?.body
}
