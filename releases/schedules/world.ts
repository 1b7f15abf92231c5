/** Schedules as Temporal has them, and what the chain says was applied. */
import type { Client, ScheduleDescription } from '@temporalio/client'
import type { AppliedSchedule } from '../../contracts/ledger/index.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

export type World = { client: Client; registry: Registry; projects: ReadonlyMap<string, Project> }

/** Undefined where there is none. */
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
