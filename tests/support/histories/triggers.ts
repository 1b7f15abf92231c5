/** One run of each automatic trigger: schedule and condition of production. */
import { scheduleId, TASK_QUEUE } from '../../../contracts/names.js'
import { releaseStart } from '../../../contracts/release-start.js'
import type { ReleaseInput } from '../../../contracts/types.js'
import type { Project } from '../../../projects/project.js'
import { applySchedules } from '../../../releases/schedules/apply.js'
import { conditionStart } from '../../../releases/schedules/desired.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { project as watched } from '../../watched-project/index.js'
import type { DevServer } from '../dev-server.js'
import { eventually } from '../steer.js'
import type { Scenario } from './scenarios.js'

/** The schedule fires at 02:30 in Berlin. */
const instantOf = (day: number) => `2025-01-0${day}T01:30:00.000Z`

const inputOf = (at: string): ReleaseInput => ({
  trigger: {
    project: 'toy',
    id: `schedule-${at.slice(0, 16).replace(':', '')}`,
    kind: 'schedule',
    by: 'schedule',
    at,
    cutoff: at,
    parameters: {},
  },
  policy: toyPolicy,
  clock: { eventStart: Date.parse(at), wallStart: Date.parse(at), speed: 1 },
})

/** Fires a schedule. @returns the id of the run it started, when that run has ended as expected */
async function fires(on: DevServer, condition: string | undefined, as: string, at?: string): Promise<string> {
  const world = { client: on.client, registry: on.registry, projects: new Map([['toy', watched as Project]]) }
  await applySchedules(world, 'test')
  const handle = on.client.schedule.getHandle(scheduleId('toy', condition))
  const before = (await handle.describe()).info.numActionsTaken
  const [start, end] = at ? [new Date(Date.parse(at) - 60_000), new Date(Date.parse(at) + 3_600_000)] : []
  await (start && end ? handle.backfill({ start, end, overlap: 'ALLOW_ALL' }) : handle.trigger('ALLOW_ALL'))
  const fired = await eventually(`${condition ?? 'the cadence'} to fire`, async () => {
    const { numActionsTaken, recentActions } = (await handle.describe()).info
    return numActionsTaken > before && recentActions.at(-1)
  })
  return ends(on, fired.action.workflow.workflowId, as)
}

async function ends(on: DevServer, id: string, as: string): Promise<string> {
  const result = JSON.stringify(await on.client.workflow.getHandle(id).result())
  if (!result.includes(as)) throw new Error(`${id} should end with ${as}, but ended with ${result}`)
  return id
}

/** Waits until the release is in the ledger, from which it is found and ended before the next scenario. */
const begun = (on: DevServer, release: string) =>
  eventually(`${release} to begin`, async () =>
    (await on.registry.runs.list('toy')).some(({ workflowId }) => workflowId === release),
  )

const scheduled: Scenario = async (on) => {
  const { workflowId } = releaseStart(inputOf(instantOf(1)))
  const id = await fires(on, undefined, workflowId, instantOf(1))
  await begun(on, workflowId)
  return { scheduled: id }
}

const scheduledAgain: Scenario = async (on) => {
  const input = inputOf(instantOf(2))
  const { workflowId } = releaseStart(input)
  const key = `${workflowId}:trigger`
  await on.registry.ledger.append({ project: 'toy', kind: 'trigger', subject: workflowId, key, body: { ...input } })
  return { 'scheduled-again': await fires(on, undefined, workflowId, instantOf(2)) }
}

/** The release exists in Temporal but is not in the ledger yet, because no worker runs it. */
const scheduledMeanwhile: Scenario = async (on) => {
  const start = releaseStart(inputOf(instantOf(3)))
  const release = await on.client.workflow.start('release', { ...start, taskQueue: 'nobody' })
  const id = await fires(on, undefined, start.workflowId, instantOf(3))
  await release.terminate('recorded')
  return { 'scheduled-meanwhile': id }
}

const watching: Scenario = async (on) => {
  const started = await fires(on, 'old-data', '"outcome":"started"')
  const { release } = (await on.client.workflow.getHandle(started).result()) as { release: string }
  await begun(on, release)
  return { 'watch-started': started, 'watch-suppressed': await fires(on, 'old-data', '"by":"cool_down"') }
}

const watchingByHand: Scenario = async (on) => {
  const { workflowType, args } = conditionStart('toy', 'costs-more')
  const workflowId = 'condition/toy/costs-more-by-hand'
  await on.client.workflow.start(workflowType, { workflowId, args, taskQueue: TASK_QUEUE })
  return { 'watch-by-hand': await ends(on, workflowId, '"outcome":"cannot_say"') }
}

/** A schedule fires although its project no longer states the condition. */
const watchingNothing: Scenario = async (on) => {
  const { workflowType, args } = conditionStart('toy', 'former')
  const workflowId = 'condition/toy/former'
  const run = await on.client.workflow.start(workflowType, { workflowId, args, taskQueue: TASK_QUEUE })
  const failed = await run.result().catch((error: Error) => error.name)
  if (failed !== 'WorkflowFailedError') throw new Error(`${workflowId} should fail`)
  return { 'watch-refused': workflowId }
}

export const TRIGGERS: readonly Scenario[] = [
  scheduled,
  scheduledAgain,
  scheduledMeanwhile,
  watching,
  watchingByHand,
  watchingNothing,
]
