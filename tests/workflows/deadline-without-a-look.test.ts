/** Looks fail without end, as where no worker or no database serves them: deadlines hold all the same. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eventNow, type ReleaseClock, wallAt } from '../../contracts/clock.js'
import { DAY_MS } from '../../contracts/duration.js'
import { endingLook } from '../../contracts/exposure.js'
import { resumedClockKey } from '../../contracts/ledger/index.js'
import { type FailingLooks, withFailingLooks } from '../support/failing-looks.js'
import { longProbation } from '../support/histories/without-looks.js'
import { moveByHand } from '../support/replace-production.js'
import { slipway } from '../support/slipway.js'
import {
  entriesOf,
  eventuallyAfterDays,
  looksOf,
  movesOf,
  operate,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import type { Harness } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let on: Harness
let failUntil: FailingLooks['failUntil']

beforeAll(async () => {
  const failing = await withFailingLooks()
  on = failing.on
  failUntil = failing.failUntil
})
afterEach(() => {
  failUntil(0)
  return startOver(on)
})
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

/** Wall ms from an instant to the recorded verdict. */
async function verdictAfter(id: string, instant: number): Promise<number> {
  const [verdict] = await entriesOf(on, id, 'verdict')
  return Date.parse(verdict?.at ?? '') - instant
}

/** After the look that would have judged the deadline: looks are a day apart, from the first whole day. */
function expectTenMinutes(lateMs: number): void {
  expect(lateMs).toBeGreaterThanOrEqual(10 * MINUTE_MS)
  expect(lateMs).toBeLessThan(DAY_MS + HOUR_MS)
}

async function clockOf(id: string): Promise<ReleaseClock> {
  const [trigger] = await entriesOf(on, id, 'trigger')
  if (!trigger) throw new Error(`${id} has begun`)
  return trigger.body.clock
}
const deadlineOf = async (id: string): Promise<number> => Date.parse((await stateOf(on, id)).deadline ?? '')
const eventsOf = async (id: string) => (await on.client.workflow.getHandle(id).fetchHistory()).events ?? []
const hasLooks = (id: string) => eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)

async function inProbation(trigger: string): Promise<string> {
  const id = await on.start(trigger, { policy: longProbation })
  await eventuallyAfterDays(on, 'the probation', async () => (await stateOf(on, id)).stage === 'probation')
  return id
}

it('a canary whose looks never succeed is held ten minutes after the look at its deadline, and closed', async () => {
  const { production } = await on.registry.aliases.current('toy')
  failUntil(Number.POSITIVE_INFINITY)
  const id = await on.start('never', { policy: undecidable })
  const held = await resultOf(on, id)
  expect(held).toMatchObject({ verdict: 'held', reason: 'hold:deadline:no_look' })
  expect(held.detail).toContain('there is none')
  const [opened] = (await on.registry.aliases.history('toy')).filter(({ workflowId }) => workflowId === id)
  expectTenMinutes(await verdictAfter(id, Date.parse(opened?.at ?? '') + 14 * DAY_MS))
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
  expect(await movesOf(on, id)).toEqual([`canary: null → ${held.releaseId}`, `canary: ${held.releaseId} → null`])
  expect((await eventsOf(id)).length).toBeLessThan(150)
})

it('an operator action does not end the timer', async () => {
  const id = await on.start('paused', { policy: undecidable })
  await hasLooks(id)
  failUntil(Number.POSITIVE_INFINITY)
  expect(await operate(on, id, 'pause')).toMatchObject({ accepted: true })
  expect(await operate(on, id, 'resume')).toMatchObject({ accepted: true })
  expect(await operate(on, id, 'extend')).toMatchObject({ accepted: true })
  const deadline = await deadlineOf(id)
  const held = await resultOf(on, id)
  expect(held).toMatchObject({ verdict: 'held', reason: 'hold:deadline:no_look' })
  expect(held.detail).toMatch(/the newest is as of 2001-01-2\d/)
  expectTenMinutes(await verdictAfter(id, wallAt(await clockOf(id), deadline)))
})

it('a compressed clock that stood still sets the timer again', async () => {
  const id = await on.start('stood-still', { policy: undecidable, speed: 24 })
  await hasLooks(id)
  failUntil(Number.POSITIVE_INFINITY)
  const [begun] = await entriesOf(on, id, 'clock')
  if (!begun) throw new Error('a compressed clock is recorded')
  const deadline = await deadlineOf(id)
  // Down for three days, as `releases/resume-clocks.ts` records it.
  const now = await on.env.currentTimeMs()
  const resumed = { ...begun.body, eventStart: eventNow(begun.body, now), wallStart: now + 3 * DAY_MS }
  await on.registry.ledger.append({
    project: 'toy',
    kind: 'clock',
    subject: id,
    key: resumedClockKey(id, resumed.wallStart),
    body: resumed,
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:deadline:no_look' })
  const late = await verdictAfter(id, wallAt(resumed, deadline))
  expect(late).toBeGreaterThanOrEqual(10 * MINUTE_MS)
  expect(late).toBeLessThan(3 * HOUR_MS) // The next look of the grid is up to an hour of wall time after the deadline.
})

it('looks that are due after an outage are taken once, and decide', async () => {
  const id = await on.start('outage', { policy: undecidable })
  await hasLooks(id)
  const { opened } = (await looksOf(on, id))[0] ?? { opened: '' }
  const every = DAY_MS
  const due = endingLook({ opened: Date.parse(opened), every, deadline: await deadlineOf(id), newestLook: null })
  failUntil(wallAt(await clockOf(id), due) + 12 * MINUTE_MS)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:deadline:too_few_mature' })
  const looked = (await looksOf(on, id)).map(({ judgement }) => Date.parse(judgement.numbers.asOf))
  expect(looked).toEqual([...new Set(looked)])
})

it('a probation without looks ends as promoted, and shows that it was not watched', async () => {
  const id = await inProbation('probation')
  failUntil(Number.POSITIVE_INFINITY)
  const reason = 'probation_unwatched:no_look'
  const { releaseId } = await resultOf(on, id)
  const [verdict] = await entriesOf(on, id, 'verdict')
  expect(verdict?.body).toMatchObject({ verdict: 'promoted', reason, releaseId })
  expect(verdict?.body.detail).toContain('No look was taken at the deadline')
  expect((await slipway(['release', 'show', id], on.environment)).stdout).toContain(reason)
  const page = join(on.workFolder, 'report.html')
  expect(await slipway(['report', id, '--out', page], on.environment)).toMatchObject({ code: 0, stderr: '' })
  expect(await readFile(page, 'utf8')).toContain(reason)
  expect((await on.registry.aliases.current('toy')).production).toBe(releaseId)
})

it('a probation without looks, whose production was moved meanwhile, does not end as promoted', async () => {
  const before = (await on.registry.aliases.current('toy')).production ?? ''
  const id = await inProbation('moved')
  failUntil(Number.POSITIVE_INFINITY)
  await moveByHand(on, before)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'production_moved' })
  expect((await on.registry.aliases.current('toy')).production).toBe(before)
})

const TIMER_STARTED = 17
const ACTIVITY_SCHEDULED = 10

it('a release whose looks run has one timer more in canary and probation, and no reading', async () => {
  const id = await on.start('normal', { policy: longProbation })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  const events = await eventsOf(id)
  const readings = events.flatMap(({ eventType, activityTaskScheduledEventAttributes: scheduled }) =>
    eventType === ACTIVITY_SCHEDULED && scheduled?.activityType?.name === 'readProgress' ? [scheduled] : [],
  )
  expect(readings).toEqual([])
  expect(events.filter(({ eventType }) => eventType === TIMER_STARTED)).toHaveLength(2)
})
