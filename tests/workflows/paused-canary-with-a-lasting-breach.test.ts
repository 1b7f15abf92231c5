/** A monitor that fires without end must neither keep a canary open past its deadline nor fill its history. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { type BreachNote, breachSignal } from '../../contracts/messages.js'
import { eventuallyAfterDays, exposed, looksOf, operate, resultOf, startOver, stateOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import type { ToyRelease } from '../support/toy-release.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

const policy = {
  ...toyPolicy,
  deadline: '6d',
  maxExtensions: 0,
  judge: { ...toyPolicy.judge, minMature: 1_000_000 },
}
const DAYS = 40

/** In the canary's arm. Breaches with instants in the future are seen by the looks after them. */
async function breach(id: string, power: 'pause' | 'rollback', atMs: number): Promise<void> {
  const at = new Date(atMs).toISOString()
  const body = { signal: power, arm: 'canary', value: 2, threshold: 1, power, at } as const
  await on.registry.ledger.append({ project: 'toy', kind: 'breach', subject: id, key: `${id}:breach:${at}`, body })
}

/** A canary that fires a breach of power pause every half day from its opening. */
async function breached(trigger: string, options: ToyRelease = { policy }): Promise<{ id: string; opened: number }> {
  const id = await on.start(trigger, options)
  await exposed(on, id)
  const { deadline } = await stateOf(on, id)
  const opened = Date.parse(deadline ?? '') - 6 * DAY_MS
  for (let day = 0.5; day < DAYS; day += 0.5) await breach(id, 'pause', opened + day * DAY_MS)
  await eventuallyAfterDays(on, 'the pause', async () => (await stateOf(on, id)).paused)
  return { id, opened }
}

const eventsOf = async (id: string) => (await on.client.workflow.getHandle(id).fetchHistory()).events ?? []

/** Ms of event time from the opening to the look that ended the canary. */
async function endedAfter(id: string, opened: number): Promise<number> {
  const last = (await looksOf(on, id)).at(-1)
  return Date.parse(last?.judgement.numbers.asOf ?? '') - opened
}

it('is held at its deadline', async () => {
  const { id, opened } = await breached('lasting')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:paused' })
  // The first look of the grid, which begins with a whole day, at or after the deadline.
  expect(await endedAfter(id, opened)).toBeLessThan(7.5 * DAY_MS)
  expect((await eventsOf(id)).length).toBeLessThan(150)
})

it('is rolled back by a breach of that power', async () => {
  const { id, opened } = await breached('then-rollback')
  await breach(id, 'rollback', opened + 3.25 * DAY_MS)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:rollback' })
  expect(await endedAfter(id, opened)).toBeLessThan(4.5 * DAY_MS)
})

it('is rolled back for measured harm', async () => {
  const harmful = {
    parameters: { feed: true },
    cutoff: '2001-01-31T00:00:00.000Z',
    policy: { ...toyPolicy, deadline: '6d' },
  }
  const { id, opened } = await breached('then-harm', harmful)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'harm' })
  // While the breaches last: they end much later, and harm would be seen then in any case.
  expect(await endedAfter(id, opened)).toBeLessThan(7.5 * DAY_MS)
})

const CANCEL_REQUESTED = 15

it('is woken by signals of a rollback only, and by many at once only once', async () => {
  const id = await on.start('signals', { policy })
  await exposed(on, id)
  await operate(on, id, 'pause')
  const handle = on.client.workflow.getHandle(id)
  const signals = async (note: BreachNote | undefined) => {
    const before = (await eventsOf(id)).length
    for (let sent = 0; sent < 50; sent += 1) await handle.signal(breachSignal, ...(note ? [note] : []))
    await stateOf(on, id) // It has processed them.
    return (await eventsOf(id)).slice(before).filter(({ eventType }) => eventType === CANCEL_REQUESTED).length
  }
  expect(await signals(undefined)).toBe(0)
  expect(await signals({ power: 'pause' })).toBe(0)
  // The first one, and one for all that came while its look may have been running.
  const woken = await signals({ power: 'rollback' })
  expect(woken).toBeGreaterThan(0)
  expect(woken).toBeLessThanOrEqual(2)
})
