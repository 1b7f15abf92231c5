/** Operator actions on one schedule in Temporal: pause, resume, fire now or for missed instants. */
import type { Client, ScheduleHandle } from '@temporalio/client'
import { SlipwayError } from '../../contracts/failure.js'
import { requireFittingName, shortReason } from '../../contracts/limits.js'
import { scheduleId } from '../../contracts/names.js'
import { isVisible } from '../../contracts/visible-text.js'
import type { Project } from '../../projects/project.js'
import type { WithClient } from '../with-client.js'
import { missedIn, requireFewInstants, spanOf } from './backfill.js'
import { requireSound } from './desired.js'
import { scheduleName } from './statuses.js'

/** A schedule of a project: that of the condition, or that of its cadence if no condition is named. */
interface Which {
  readonly project: Project
  readonly condition?: string | undefined
}

/**
 * @returns the note that the schedule now carries
 * @throws SlipwayError BadRequest for an empty name or reason, or a name that is too long
 */
export async function pauseOrResume(
  withClient: WithClient,
  action: 'pause' | 'resume',
  which: Which,
  { by, reason }: { by: string; reason: string },
): Promise<string> {
  for (const [field, text] of Object.entries({ by, reason }))
    if (!isVisible(text)) throw new SlipwayError('BadRequest', `--${field} is empty; other operators read it`)
  requireFittingName('--by', by)
  const note = `${action}d by ${by}: ${shortReason(reason)}`
  await onSchedule(withClient, which, (handle) => (action === 'pause' ? handle.pause(note) : handle.unpause(note)))
  return note
}

/**
 * Fires the cadence of a project now, or once for each instant of a span that was missed.
 * @returns the instants; undefined if it was fired now
 * @throws SlipwayError BadRequest for an invalid span
 */
export async function fireCadence(
  withClient: WithClient,
  project: Project,
  missed: { from?: string; to?: string },
): Promise<readonly Date[] | undefined> {
  if (missed.from !== undefined || missed.to !== undefined) requireSound(project)
  const span = spanOf(missed)
  if (span && project.schedule) requireFewInstants(span, project.schedule)
  let instants: readonly Date[] | undefined
  await onSchedule(withClient, { project }, async (handle, client) => {
    if (!span) return handle.trigger('ALLOW_ALL')
    const found = await missedIn(client, await handle.describe(), span)
    await handle.backfill(found.backfills)
    instants = found.instants
  })
  return instants
}

/** @throws SlipwayError BadRequest naming the known conditions */
export function requireCondition({ name, triggers }: Project, condition: string): void {
  const known = triggers?.conditions.map((one) => one.name) ?? []
  if (known.includes(condition)) return
  throw new SlipwayError(
    'BadRequest',
    `${name} has no condition "${condition}"; ${known.length > 0 ? `known: ${known.join(', ')}` : 'the project has none'}`,
  )
}

async function onSchedule(
  withClient: WithClient,
  { project, condition }: Which,
  work: (handle: ScheduleHandle, client: Client) => Promise<unknown>,
): Promise<void> {
  if (condition !== undefined) requireCondition(project, condition)
  else if (!project.schedule) throw new SlipwayError('BadRequest', `${project.name} states no cadence in its index.ts`)
  await withClient(async (client: Client) => {
    try {
      await work(client.schedule.getHandle(scheduleId(project.name, condition)), client)
    } catch (error) {
      if ((error as Error).name !== 'ScheduleNotFoundError') throw error
      const what = scheduleName({ project: project.name, condition: condition ?? null })
      throw new SlipwayError('BadRequest', `${what} has no schedule in Temporal yet; run: slipway schedule apply`)
    }
  })
}
