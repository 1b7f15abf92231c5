/** What a project's schedules should be in Temporal, and the digest by which a change by hand is seen. */
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
  /** For people: when it fires. */
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

/** A look that was missed is not made up for: the next one sees the same days. */
const CONDITION_CATCH_UP = '1 minute'

function conditionOf(project: string, policy: ConditionPolicy): Wanted {
  const { name, condition, every } = policy
  return {
    project,
    condition: name,
    cadence: `${condition}, looked at every ${every}`,
    policy,
    options: {
      scheduleId: scheduleId(project, name),
      spec: { intervals: [{ every: durationMs(every) }] },
      action: { ...conditionStart(project, name), type: 'startWorkflow', workflowId: `condition/${project}/${name}` },
      policies: { overlap: 'SKIP', catchupWindow: CONDITION_CATCH_UP },
    },
  }
}

/** The same run whether a schedule starts it or somebody who wants to know now. */
export const conditionStart = (project: string, condition: string) => ({
  workflowType: CONDITION_WORKFLOW,
  taskQueue: TASK_QUEUE,
  args: [project, condition],
  typedSearchAttributes: triggerAttributes({ project, kind: 'condition' }),
  staticSummary: `${project}: looks whether ${condition} holds in production`,
})

/** Everything of a schedule in the server that `apply` sets; not its pause, nor what it has done so far. */
export function describedDigest({ spec, action, policies }: ScheduleDescription): string {
  const { workflowType, taskQueue } = action
  return digestOf(
    JSON.parse(JSON.stringify({ spec, action: { workflowType, taskQueue, args: action.args }, policies })),
  )
}

/** @param wanted as stated: another digest later is another statement */
export const wantedDigest = ({ options }: Wanted): string => digestOf(JSON.parse(JSON.stringify(options)))
