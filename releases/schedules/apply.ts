/** Applies the schedules that the projects state to Temporal. Each application is an entry of the project's ledger. */
import { SlipwayError } from '../../contracts/failure.js'
import { scheduleKey } from '../../contracts/ledger/index.js'
import { requireFittingName } from '../../contracts/limits.js'
import { describe, lastApplied, type ScheduleContext } from './applied-schedules.js'
import { describedDigest, requireSound, type Wanted, wantedDigest, wantedOf } from './desired.js'

export interface Application {
  readonly project: string
  /** Null for the cadence. */
  readonly condition: string | null
  /** `put_right`: it had been changed or deleted by hand, and was restored as its project states it. */
  readonly done: 'created' | 'updated' | 'put_right' | 'unchanged'
}

/**
 * Creates or updates the schedules of the given projects. A schedule that is up to date is not touched; a pause and its
 * note stay.
 * @throws SlipwayError BadRequest for an invalid cadence or condition; then no schedule is touched
 */
export async function applySchedules(context: ScheduleContext, by: string): Promise<Application[]> {
  requireFittingName('--by', by)
  const projects = [...context.projects.values()]
  // All are checked before the first one is applied.
  projects.forEach(requireSound)
  const results: Application[] = []
  for (const wanted of projects.flatMap(wantedOf)) {
    const { project, condition } = wanted
    results.push({ project, condition, done: await applyOne(context, wanted, by) })
  }
  return results
}

async function applyOne(
  { client, registry }: ScheduleContext,
  wanted: Wanted,
  by: string,
): Promise<Application['done']> {
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
  if (!after) throw new Error(`the schedule ${id} was deleted while it was applied; run slipway schedule apply again`)
  const body = { by, policy, desired, described: describedDigest(after) }
  const at = (after.info.lastUpdatedAt ?? after.info.createdAt).toISOString()
  await registry.ledger.append({ project, kind: 'schedule', subject: id, key: scheduleKey(id, at), body })
  if (byHand) return 'put_right'
  return found ? 'updated' : 'created'
}

/**
 * The client throws a TypeError for an argument that the server refuses, such as a time zone that the server does not
 * know.
 */
const refusedByTemporal = (error: unknown, project: string): unknown =>
  error instanceof TypeError
    ? new SlipwayError(
        'BadRequest',
        `schedule of ${project}: Temporal refuses it: ${error.message}; change the schedule of the project`,
      )
    : error
