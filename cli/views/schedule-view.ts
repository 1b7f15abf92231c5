import type { Application } from '../../releases/schedules/apply.js'
import type { ConditionResult } from '../../releases/schedules/check-now.js'
import { type ScheduleState, type ScheduleStatus, scheduleName } from '../../releases/schedules/statuses.js'
import { table } from '../runtime/output.js'
import { minuteOf, zoneName } from '../runtime/wall-time.js'

const STATES: Record<ScheduleState, string> = {
  applied: 'as the project states it',
  not_applied: 'not applied yet; run: slipway schedule apply',
  changed_in_project: 'changed in the project since it was applied; run: slipway schedule apply',
  drift: 'changed or deleted by hand since it was applied; to restore it: slipway schedule apply',
  removed: 'no project states it any more; delete it in Temporal if it is not needed',
  by_hand_only: 'the project has no cadence',
}

const APPLIED: Record<Application['done'], string> = {
  created: 'created',
  updated: 'updated',
  put_right: 'restored as the project states it; it had been changed or deleted by hand',
  unchanged: 'unchanged',
}

export const applicationsText = (done: readonly Application[], removed: readonly ScheduleStatus[]): string =>
  [
    ...done.map((item) => `${scheduleName(item)}: ${APPLIED[item.done]}`),
    ...removed.map((item) => `${scheduleName(item)}: ${STATES.removed}`),
  ].join('\n')

export const statusesText = (statuses: readonly ScheduleStatus[]): string =>
  table(
    ['schedule', 'cadence', `next (${zoneName()})`, 'state', 'last held'],
    statuses.map((status) => [
      scheduleName(status),
      status.cadence ?? '–',
      status.paused ? `paused: ${status.note}` : status.next ? minuteOf(status.next) : '–',
      STATES[status.state],
      status.last ? `${minuteOf(status.last.at)} ${status.last.outcome}: ${status.last.says}` : '–',
    ]),
  )

export const firedText = (project: string, instants: readonly string[] | undefined): string =>
  [
    `${project}: fired${instants ? ` for ${instants.join(', ')}` : ''}`,
    `to see the releases: slipway release list --project ${project}`,
  ].join('\n')

export function conditionText(project: string, result: ConditionResult): string {
  const { condition, outcome, says, suppressed, release, numbers } = result
  const started = release ? ` ${release}` : ''
  const why = suppressed ? ` (${suppressed.by}): ${suppressed.says}` : ''
  return [
    `${project}/${condition}: ${outcome === 'cannot_say' ? 'cannot say' : outcome}${started}${why}`,
    says,
    ...Object.entries(numbers).map(([name, value]) => `  ${name} ${value}`),
  ].join('\n')
}
