import type { ScheduleDescription } from '@temporalio/client'
import type { AppliedSchedule } from '../../contracts/ledger/index.js'
import { scheduleId } from '../../contracts/names.js'
import type { Registry } from '../../registry/index.js'
import { newestRecord } from '../conditions/condition-records.js'
import { describe, lastApplied, type ScheduleContext } from './applied-schedules.js'
import { describedDigest, type Wanted, wantedDigest, wantedOf } from './desired.js'

/** `drift`: changed or deleted by hand since it was applied. `removed`: in Temporal, but no project states it. */
export type ScheduleState = 'applied' | 'not_applied' | 'changed_in_project' | 'drift' | 'removed' | 'by_hand_only'

export interface ScheduleStatus {
  readonly project: string
  /** Name of the condition; null for the project's cadence. */
  readonly condition: string | null
  readonly state: ScheduleState
  readonly cadence: string | null
  readonly paused: boolean
  readonly note: string | null
  /** ISO. */
  readonly next: string | null
  /** When the condition last held, and what was done. Null for a cadence, or if it never held. */
  readonly last: { readonly at: string; readonly outcome: string; readonly says: string } | null
}

/**
 * The status of every schedule that a project states, and of every Slipway schedule in Temporal that no project states
 * any more.
 */
export async function scheduleStatuses({ client, registry, projects }: ScheduleContext): Promise<ScheduleStatus[]> {
  const all = [...projects.values()]
  const wanted = all.flatMap(wantedOf)
  const known = await Promise.all(
    wanted.map(async (one) => {
      const id = one.options.scheduleId
      const [found, last] = [await describe(client, id), await lastApplied(registry, one.project, id)]
      const { project, condition, cadence } = one
      const state = stateOf(one, found, last)
      return { project, condition, state, cadence, ...pauseOf(found), last: await lastFired(registry, one) }
    }),
  )
  const removed = await removedSchedules({ client, registry, projects }, new Set(wanted.map(idOf)))
  const listed = new Set([...known, ...removed].map(({ project }) => project))
  const unscheduled = all.filter(({ name }) => !listed.has(name)).map(({ name }) => byHandOnly(name))
  return [...known, ...removed, ...unscheduled]
}

const idOf = ({ options }: Wanted): string => options.scheduleId

function stateOf(
  wanted: Wanted,
  found: ScheduleDescription | undefined,
  last: AppliedSchedule | undefined,
): ScheduleState {
  if (!found) return last ? 'drift' : 'not_applied'
  if (last?.described !== describedDigest(found)) return 'drift'
  return last.desired === wantedDigest(wanted) ? 'applied' : 'changed_in_project'
}

const pauseOf = (found: ScheduleDescription | undefined) => ({
  paused: found?.state.paused ?? false,
  note: found?.state.note ?? null,
  next: found?.info.nextActionTimes[0]?.toISOString() ?? null,
})

async function lastFired(registry: Registry, { project, condition }: Wanted): Promise<ScheduleStatus['last']> {
  if (condition === null) return null
  const record = await newestRecord(registry, project, condition)
  if (!record) return null
  const { at, outcome, release, suppressed, says } = record
  return { at, outcome, says: `${release ?? suppressed?.says}: ${says}` }
}

async function removedSchedules({ client }: ScheduleContext, stated: ReadonlySet<string>): Promise<ScheduleStatus[]> {
  const removed: ScheduleStatus[] = []
  for await (const { scheduleId: id, state, info } of client.schedule.list()) {
    const [, project, condition = null] = /^slipway\/([^/]+)(?:\/([^/]+))?$/.exec(id) ?? []
    if (project === undefined || stated.has(id)) continue
    const { paused, note = null } = state
    const next = info.nextActionTimes[0]?.toISOString() ?? null
    removed.push({ project, condition, state: 'removed', cadence: null, paused, note, next, last: null })
  }
  return removed
}

const byHandOnly = (project: string): ScheduleStatus => ({
  project,
  condition: null,
  state: 'by_hand_only',
  cadence: null,
  paused: false,
  note: null,
  next: null,
  last: null,
})

/** The name that `slipway schedule list` shows, for example `eta` or `eta/costs-more`. */
export const scheduleName = ({ project, condition }: { project: string; condition: string | null }): string =>
  scheduleId(project, condition ?? undefined).slice('slipway/'.length)
