/** What an operator can meet, made with the toy project on a real server, in an order in which each finds the lane as it needs it. */
import type { Page } from 'playwright-core'
import { DAY_MS } from '../../contracts/duration.js'
import { scheduleId } from '../../contracts/names.js'
import type { SchedulePolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import { applySchedules } from '../../releases/schedules/apply.js'
import type { DevServer } from '../support/dev-server.js'
import { eventually, looksOf, operate, reaches, resultOf } from '../support/steer.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { fillSignal, submit } from './browser.js'

export interface World {
  readonly on: DevServer
  readonly page: Page
}

export interface Situation {
  /** Of the picture in docs/operating. */
  readonly name: string
  /** Brings it about and shows it. */
  readonly show: (world: World) => Promise<unknown>
  /** Of the picture, in pixels: what lies below is of no use. The whole page when absent. */
  readonly height?: number
  /** After the picture: what the operator does next. */
  readonly next?: (world: World) => Promise<unknown>
}

const dayMs = 500
const undecided = { ...toyPolicy, deadline: '300d', judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const long = { ...toyPolicy, probation: { ...toyPolicy.probation, lasts: '1000d' } }
const patient = { ...toyPolicy, extendBy: '300d' }
const NIGHTLY: SchedulePolicy = {
  cron: '0 3 * * *',
  timeZone: 'Europe/Berlin',
  overlap: 'skip',
  catchUp: '1d',
  jitter: '10m',
}
const trigger = (day: number) => `nightly-2001-01-${day}`
const run = (day: number) => `release/toy/${trigger(day)}`
const cutoff = (day: number) => new Date(Date.parse('2001-01-01T00:00:00Z') + (day - 1) * DAY_MS).toISOString()

type Options = Omit<Parameters<DevServer['start']>[1], 'dayMs' | 'cutoff'>
const start = ({ on }: World, day: number, options: Options = {}) =>
  on.start(trigger(day), { dayMs, cutoff: cutoff(day), ...options })

const workflows = ({ on }: World) => `${on.uiUrl}/namespaces/default/workflows`

async function open(world: World, day: number, tab: 'history' | 'user-metadata' | 'pending-activities'): Promise<void> {
  const { runId } = await world.on.client.workflow.getHandle(run(day)).describe()
  await world.page.goto(`${workflows(world)}/${encodeURIComponent(run(day))}/${runId}/${tab}`)
}

const ended = (day: number) => async (world: World) => {
  await resultOf(world.on, run(day))
  await open(world, day, 'user-metadata')
}

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'held',
    show: async (world) => {
      await start(world, 17, { parameters: { useless: true } })
      await ended(17)(world)
    },
  },
  {
    name: 'rolled-back',
    show: async (world) => {
      await start(world, 18, { parameters: { certain: true } })
      await ended(18)(world)
    },
  },
  {
    name: 'waiting',
    show: async (world) => {
      await start(world, 20, { policy: undecided })
      await eventually('looks', async () => (await looksOf(world.on, run(20))).length > 3)
      await open(world, 20, 'user-metadata')
    },
  },
  // Below it lies a stack trace.
  { name: 'next-look', height: 600, show: (world) => open(world, 20, 'pending-activities') },
  {
    name: 'list',
    show: async (world) => {
      const query = 'ReleaseProject="toy" AND ReleaseStage="canary"'
      await world.page.goto(`${workflows(world)}?query=${encodeURIComponent(query)}`)
    },
  },
  {
    name: 'signal',
    show: async (world) => {
      await open(world, 20, 'history')
      await fillSignal(world.page, 'pause', { by: 'ana', reason: 'storm over the hubs' })
    },
    next: async ({ on, page }) => {
      await submit(page)
      await reaches(on, run(20), 'canary', ({ paused }) => paused)
    },
  },
  { name: 'paused', show: (world) => open(world, 20, 'user-metadata') },
  {
    name: 'queued',
    show: async (world) => {
      await start(world, 21, { policy: long })
      await reaches(world.on, run(21), 'awaiting_canary', ({ waitingFor }) => waitingFor.startsWith('waiting for'))
      await open(world, 21, 'user-metadata')
    },
    next: ({ on }) => operate(on, run(20), 'abort', { by: 'ben', reason: 'a newer candidate waits' }),
  },
  { name: 'aborted', show: ended(20) },
  {
    name: 'probation',
    show: async (world) => {
      await reaches(world.on, run(21), 'probation')
      await open(world, 21, 'user-metadata')
    },
    next: ({ on }) => operate(on, run(21), 'abort', { by: 'ana', reason: 'drivers complain of false warnings' }),
  },
  { name: 'reverted', show: ended(21) },
  {
    name: 'approval',
    show: async (world) => {
      await start(world, 23, { policy: { ...patient, promotionApproval: 'other_person' } })
      await reaches(world.on, run(23), 'canary', ({ awaitingApproval }) => awaitingApproval)
      await open(world, 23, 'user-metadata')
    },
    next: ({ on }) =>
      operate(on, run(23), 'promote', { by: 'ana', reason: 'the numbers are good, and so are the complaints' }),
  },
  { name: 'promoted', show: ended(23) },
  {
    name: 'schedule',
    show: async ({ on, page }) => {
      const nightly: Project = { ...project, schedule: { ...NIGHTLY } }
      await applySchedules({ ...on, projects: new Map([['toy', nightly]]) }, 'ana')
      await on.client.schedule.getHandle(scheduleId('toy')).pause('paused by ana: stocktaking')
      await page.goto(`${on.uiUrl}/namespaces/default/schedules/${encodeURIComponent(scheduleId('toy'))}`)
    },
  },
]
