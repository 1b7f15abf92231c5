/** Brings schedules as the projects state them to Temporal; each application is an entry of the project's chain. */
import { SlipwayError } from '../../contracts/failure.js'
import { scheduleKey } from '../../contracts/ledger/index.js'
import { describedDigest, requireSound, type Wanted, wantedDigest, wantedOf } from './desired.js'
import { describe, lastApplied, type World } from './world.js'

export interface Application {
  readonly project: string
  /** Null for the cadence. */
  readonly condition: string | null
  /** `put_right`: it had been changed or deleted by hand, and is again as its project states it. */
  readonly done: 'created' | 'updated' | 'put_right' | 'unchanged'
}

/**
 * Creates or corrects the schedules of the given projects. One that is as it should be is left alone; a pause and its note stay.
 * @throws SlipwayError BadRequest for a cadence or condition that makes no sense; then none is touched
 */
export async function applySchedules(world: World, by: string): Promise<Application[]> {
  const projects = [...world.projects.values()]
  // All are checked before the first is touched.
  projects.forEach(requireSound)
  const results: Application[] = []
  for (const wanted of projects.flatMap(wantedOf)) {
    const { project, condition } = wanted
    results.push({ project, condition, done: await applyOne(world, wanted, by) })
  }
  return results
}

async function applyOne({ client, registry }: World, wanted: Wanted, by: string): Promise<Application['done']> {
  const { project, policy, options } = wanted
  const id = options.scheduleId
  const desired = wantedDigest(wanted)
  const found = await describe(client, id)
  const last = await lastApplied(registry, project, id)
  const byHand = found ? last?.described !== describedDigest(found) : last !== undefined
  if (found && !byHand && last?.desired === desired) return 'unchanged'
  try {
    if (found) {
      const { scheduleId: _, ...changed } = options
      await client.schedule.getHandle(id).update(({ state }) => ({ ...changed, state }))
    } else await client.schedule.create(options)
  } catch (error) {
    throw refusedByTemporal(error, project)
  }
  const after = await describe(client, id)
  if (!after) throw new Error(`the schedule ${id} vanished while it was applied`)
  const body = { by, policy, desired, described: describedDigest(after) }
  const at = (after.info.lastUpdatedAt ?? after.info.createdAt).toISOString()
  await registry.ledger.append({ project, kind: 'schedule', subject: id, key: scheduleKey(id, at), body })
  if (byHand) return 'put_right'
  return found ? 'updated' : 'created'
}

/** Its client throws a TypeError for an argument that the server refuses: a time zone younger than what the server knows of them. */
const refusedByTemporal = (error: unknown, project: string): unknown =>
  error instanceof TypeError
    ? new SlipwayError(
        'BadRequest',
        `schedule of ${project}: Temporal refuses it: ${error.message}; state it otherwise`,
      )
    : error
