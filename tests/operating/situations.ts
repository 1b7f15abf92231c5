/**
 * Situations of an operator, produced with the toy project on a real server, in an order that leaves the lane as
 * needed.
 */
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

export interface Screen {
  readonly on: DevServer
  readonly page: Page
}

export interface Situation {
  /** Name of the picture in docs/operating. */
  readonly name: string
  /** Produces the situation and opens its page. */
  readonly show: (screen: Screen) => Promise<unknown>
  /** Height of the picture in pixels, to crop its lower part; the whole page when absent. */
  readonly height?: number
  /** What the operator does after the picture. */
  readonly next?: (screen: Screen) => Promise<unknown>
}

const dayMs = 500
const undecided = { ...toyPolicy, deadline: '300d', judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const long = { ...toyPolicy, probation: { ...toyPolicy.probation, lasts: '1000d' } }
const longExtension = { ...toyPolicy, extendBy: '300d' }
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
const start = ({ on }: Screen, day: number, options: Options = {}) =>
  on.start(trigger(day), { dayMs, cutoff: cutoff(day), ...options })

const workflows = ({ on }: Screen) => `${on.uiUrl}/namespaces/default/workflows`

async function open(
  screen: Screen,
  day: number,
  tab: 'history' | 'user-metadata' | 'pending-activities',
): Promise<void> {
  const { runId } = await screen.on.client.workflow.getHandle(run(day)).describe()
  await screen.page.goto(`${workflows(screen)}/${encodeURIComponent(run(day))}/${runId}/${tab}`)
}

const ended = (day: number) => async (screen: Screen) => {
  await resultOf(screen.on, run(day))
  await open(screen, day, 'user-metadata')
}

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'held',
    show: async (screen) => {
      await start(screen, 17, { parameters: { useless: true } })
      await ended(17)(screen)
    },
  },
  {
    name: 'rolled-back',
    show: async (screen) => {
      await start(screen, 18, { parameters: { certain: true } })
      await ended(18)(screen)
    },
  },
  {
    name: 'waiting',
    show: async (screen) => {
      await start(screen, 20, { policy: undecided })
      await eventually('looks', async () => (await looksOf(screen.on, run(20))).length > 3)
      await open(screen, 20, 'user-metadata')
    },
  },
  // Cropped: the lower part is a stack trace.
  { name: 'next-look', height: 600, show: (screen) => open(screen, 20, 'pending-activities') },
  {
    name: 'list',
    show: async (screen) => {
      const query = 'ReleaseProject="toy" AND ReleaseStage="canary"'
      await screen.page.goto(`${workflows(screen)}?query=${encodeURIComponent(query)}`)
    },
  },
  {
    name: 'signal',
    show: async (screen) => {
      await open(screen, 20, 'history')
      await fillSignal(screen.page, 'pause', { by: 'ana', reason: 'storm over the hubs' })
    },
    next: async ({ on, page }) => {
      await submit(page)
      await reaches(on, run(20), 'canary', ({ paused }) => paused)
    },
  },
  { name: 'paused', show: (screen) => open(screen, 20, 'user-metadata') },
  {
    name: 'queued',
    show: async (screen) => {
      await start(screen, 21, { policy: long })
      await reaches(screen.on, run(21), 'awaiting_canary', ({ waitingFor }) => waitingFor.startsWith('waiting for'))
      await open(screen, 21, 'user-metadata')
    },
    next: ({ on }) => operate(on, run(20), 'abort', { by: 'ben', reason: 'a newer candidate waits' }),
  },
  { name: 'aborted', show: ended(20) },
  {
    name: 'probation',
    show: async (screen) => {
      await reaches(screen.on, run(21), 'probation')
      await open(screen, 21, 'user-metadata')
    },
    next: ({ on }) => operate(on, run(21), 'abort', { by: 'ana', reason: 'drivers complain of false warnings' }),
  },
  { name: 'reverted', show: ended(21) },
  {
    name: 'approval',
    show: async (screen) => {
      await start(screen, 23, { policy: { ...longExtension, promotionApproval: 'other_person' } })
      await reaches(screen.on, run(23), 'canary', ({ awaitingApproval }) => awaitingApproval)
      await open(screen, 23, 'user-metadata')
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
