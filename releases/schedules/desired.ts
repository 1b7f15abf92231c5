/** The schedules of a project as Temporal should have them, and digests that detect changes by hand. */
import type { ScheduleDescription, ScheduleOptions } from '@temporalio/client'
import { digestOf } from '../../contracts/canonical.js'
import { durationMs } from '../../contracts/duration.js'
import { CONDITION_WORKFLOW, SCHEDULED_WORKFLOW, scheduleId, TASK_QUEUE } from '../../contracts/names.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { triggerAttributes } from '../../contracts/release-start.js'
import { conditionsPolicy, schedulePolicy } from '../../contracts/schemas/index.js'
import type { ConditionPolicy, SchedulePolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'

/** One schedule as its project states it. */
export interface Wanted {
  readonly project: string
  /** Null for the cadence. */
  readonly condition: string | null
  /** When it fires, as text for people. */
  readonly cadence: string
  readonly policy: SchedulePolicy | ConditionPolicy
  readonly options: ScheduleOptions & { readonly scheduleId: string }
}

export function wantedOf({ name, schedule, triggers }: Project): Wanted[] {
  return [
    ...(schedule ? [cadenceOf(name, schedule)] : []),
    ...(triggers?.conditions.map((policy) => conditionOf(name, policy)) ?? []),
  ]
}

/** @throws SlipwayError BadRequest naming project, field and value of each problem */
export function requireSound({ name, schedule, triggers }: Project): void {
  if (schedule) parseOrRefuse(schedulePolicy, schedule, `schedule of ${name}`)
  if (triggers) parseOrRefuse(conditionsPolicy, triggers, `triggers of ${name}`)
}

const OVERLAP = { skip: 'SKIP', buffer_one: 'BUFFER_ONE', allow_all: 'ALLOW_ALL' } as const

function cadenceOf(project: string, policy: SchedulePolicy): Wanted {
  const { cron, timeZone, jitter, overlap, catchUp } = policy
  const cadence = `${cron} (${timeZone})`
  return {
    project,
    condition: null,
    cadence,
    policy,
    options: {
      scheduleId: scheduleId(project),
      spec: {
        cronExpressions: [cron],
        timezone: timeZone,
        ...(jitter === undefined ? {} : { jitter: durationMs(jitter) }),
      },
      action: {
        type: 'startWorkflow',
        workflowType: SCHEDULED_WORKFLOW,
        workflowId: `schedule/${project}`,
        taskQueue: TASK_QUEUE,
        args: [project],
        typedSearchAttributes: triggerAttributes({ project, kind: 'schedule' }),
        staticSummary: `${project}: starts the release of its schedule ${cadence}`,
      },
      policies: { overlap: OVERLAP[overlap], catchupWindow: durationMs(catchUp) },
    },
  }
}

/** A missed check is not repeated later: the next check sees the same days. */
const CONDITION_CATCH_UP = '1 minute'

function conditionOf(project: string, policy: ConditionPolicy): Wanted {
  const { name, condition, every } = policy
  return {
    project,
    condition: name,
    cadence: `${condition}, checked every ${every}`,
    policy,
    options: {
      scheduleId: scheduleId(project, name),
      spec: { intervals: [{ every: durationMs(every) }] },
      action: { ...conditionStart(project, name), type: 'startWorkflow', workflowId: `condition/${project}/${name}` },
      policies: { overlap: 'SKIP', catchupWindow: CONDITION_CATCH_UP },
    },
  }
}

/** How a check is started, by its schedule or by an operator. */
export const conditionStart = (project: string, condition: string) => ({
  workflowType: CONDITION_WORKFLOW,
  taskQueue: TASK_QUEUE,
  args: [project, condition],
  typedSearchAttributes: triggerAttributes({ project, kind: 'condition' }),
  // Part of `wantedDigest`: with another text every schedule would be reported as changed in its project.
  staticSummary: `${project}: looks whether ${condition} holds in production`,
})

/** Digest of what `apply` sets on a schedule in Temporal; the pause and past actions are not part of it. */
export function describedDigest({ spec, action, policies }: ScheduleDescription): string {
  const { workflowType, taskQueue } = action
  return digestOf(
    JSON.parse(JSON.stringify({ spec, action: { workflowType, taskQueue, args: action.args }, policies })),
  )
}

/** Digest of the schedule as its project states it. It changes when the project changes it. */
export const wantedDigest = ({ options }: Wanted): string => digestOf(JSON.parse(JSON.stringify(options)))
