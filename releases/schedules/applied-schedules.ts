/** Schedules as Temporal describes them, and as they were last applied according to the ledger. */
import type { Client, ScheduleDescription } from '@temporalio/client'
import type { ConditionPolicy, SchedulePolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

export type ScheduleContext = { client: Client; registry: Registry; projects: ReadonlyMap<string, Project> }

/** The body of a `schedule` entry: what was stated, and how the server described it afterwards. */
export interface Applied {
  readonly by: string
  readonly policy: SchedulePolicy | ConditionPolicy
  readonly desired: string
  readonly described: string
}

/** Undefined if Temporal has no schedule with this id. */
export async function describe(client: Client, id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(id).describe()
  } catch (error) {
    if ((error as Error).name === 'ScheduleNotFoundError') return undefined
    throw error
  }
}

export async function lastApplied(registry: Registry, project: string, id: string): Promise<Applied | undefined> {
  const entries = await registry.ledger.entries(project, { kind: 'schedule', subject: id })
  return entries.at(-1)?.body as unknown as Applied | undefined
}
