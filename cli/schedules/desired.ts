/** What a project's schedule should be in Temporal, and the digest by which a change by hand is seen. */
import type { ScheduleDescription, ScheduleOptions } from '@temporalio/client'
import { digestOf } from '../../contracts/canonical.js'
import { durationMs } from '../../contracts/duration.js'
import { SCHEDULED_WORKFLOW, scheduleId, TASK_QUEUE } from '../../contracts/names.js'
import { triggerAttributes } from '../../contracts/release-start.js'
import type { SchedulePolicy } from '../../contracts/types.js'

const OVERLAP = { skip: 'SKIP', buffer_one: 'BUFFER_ONE', allow_all: 'ALLOW_ALL' } as const

export function desiredSchedule(project: string, schedule: SchedulePolicy) {
  return {
    scheduleId: scheduleId(project),
    spec: {
      cronExpressions: [schedule.cron],
      timezone: schedule.timeZone,
      ...(schedule.jitter === undefined ? {} : { jitter: durationMs(schedule.jitter) }),
    },
    action: {
      type: 'startWorkflow',
      workflowType: SCHEDULED_WORKFLOW,
      workflowId: `schedule/${project}`,
      taskQueue: TASK_QUEUE,
      args: [project],
      typedSearchAttributes: triggerAttributes({ project, kind: 'schedule' }),
      staticSummary: `${project}: starts the release of its schedule ${schedule.cron} (${schedule.timeZone})`,
    },
    policies: { overlap: OVERLAP[schedule.overlap], catchupWindow: durationMs(schedule.catchUp) },
  } satisfies ScheduleOptions
}

/** Everything of a schedule in the server that `apply` sets; not its pause, nor what it has done so far. */
export function describedDigest({ spec, action, policies }: ScheduleDescription): string {
  const { workflowType, taskQueue } = action
  return digestOf(
    JSON.parse(JSON.stringify({ spec, action: { workflowType, taskQueue, args: action.args }, policies })),
  )
}
