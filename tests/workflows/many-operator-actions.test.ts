/** A run remembers its newest operator actions only, and records those that wait in batches. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { entriesOf, eventually, exposed, operate, resultOf, startOver, stateOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping({ maxCachedWorkflows: 0 })
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const MANY = 230
const names = Array.from({ length: MANY }, (_, at) => (at % 2 === 0 ? 'pause' : 'resume'))

const recorded = async (id: string) => (await entriesOf(on, id, 'operator_action')).map(({ body }) => body)

/** Its activities of these kinds, and the number of its events. */
async function historyOf(id: string) {
  const events = (await on.client.workflow.getHandle(id).fetchHistory()).events ?? []
  const activities = events.flatMap(
    ({ activityTaskScheduledEventAttributes: found }) => found?.activityType?.name ?? [],
  )
  const times = (name: string) => activities.filter((one) => one === name).length
  return { events: events.length, times }
}

/** All of them reach the workflow in one task. */
async function flooded(trigger: string, { reason = 'storm', many = MANY } = {}): Promise<string> {
  const id = await on.start(trigger, { policy: undecidable })
  await exposed(on, id)
  const handle = on.client.workflow.getHandle(id)
  await on.withoutWorkflowWorker(async () => {
    for (const [at, name] of names.slice(0, many).entries())
      await handle.signal(name, { by: 'ana', reason, id: `a-${at}` })
  })
  await eventually(`${many} recorded`, async () => (await recorded(id)).length === many)
  return id
}

it('actions that wait are recorded in batches, in the order in which they took effect', async () => {
  const id = await flooded('batches')
  expect((await recorded(id)).map(({ action, id: sent, accepted }) => [action, sent, accepted])).toEqual(
    names.map((name, at) => [name, `a-${at}`, true]),
  )
  const { actions, paused } = await stateOf(on, id)
  expect(actions.map(({ id: sent }) => sent)).toEqual(names.map((_, at) => `a-${at}`).slice(-50))
  expect(paused).toBe(false)
  const { events, times } = await historyOf(id)
  expect(times('recordAction')).toBeLessThanOrEqual(1)
  expect(times('recordActions')).toBeLessThanOrEqual(8)
  expect(events).toBeLessThan(2 * MANY)
})

it('an id that the state no longer has is looked up: the action is answered as before and does nothing', async () => {
  const id = await flooded('again')
  expect(await operate(on, id, 'pause', { id: 'a-0' })).toMatchObject({ accepted: true })
  expect(await stateOf(on, id)).toMatchObject({ paused: false })
  expect(await recorded(id)).toHaveLength(MANY)
  // Sent with an action of another name it is another action, an abort included.
  expect(await operate(on, id, 'extend', { id: 'a-0' })).toMatchObject({ message: 'deadline extended by 7d' })
  expect(await operate(on, id, 'extend', { id: 'a-0' })).toMatchObject({ message: 'deadline extended by 7d' })
  expect(await stateOf(on, id)).toMatchObject({ extensions: 1 })
  await on.client.workflow.getHandle(id).signal('abort', { by: 'ana', reason: 'storm', id: 'a-1' })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect((await recorded(id)).slice(MANY).map(({ id: sent }) => sent)).toEqual(['a-0:extend', 'a-1:abort'])
})

it('an abort behind them is in force before they are looked up, and recorded before the verdict', async () => {
  const id = await on.start('abort', { policy: undecidable })
  await exposed(on, id)
  const handle = on.client.workflow.getHandle(id)
  await on.withoutWorkflowWorker(async () => {
    for (const [at, name] of names.entries()) await handle.signal(name, { by: 'ana', reason: 'storm', id: `a-${at}` })
    await handle.signal('abort', { by: 'ana', reason: 'storm', id: 'abort' })
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  const all = await entriesOf(on, id, 'operator_action')
  const [verdict] = await entriesOf(on, id, 'verdict')
  const aborted = all.findIndex(({ body }) => body.id === 'abort')
  expect(all[aborted]?.seq).toBeLessThan(verdict?.seq ?? 0)
  // Each is recorded once. Those that were not in force when it came are refused.
  expect(all.map(({ body }) => body.id).toSorted()).toEqual(['abort', ...names.map((_, at) => `a-${at}`)].toSorted())
  expect(all.filter(({ body }) => body.accepted).length).toBeLessThan(100)
  expect(aborted).toBeLessThan(100)
})

it('long texts of every kind of character fit into what Temporal takes', async () => {
  // More than one batch may have.
  const id = await flooded('long', { reason: '\u0007'.repeat(2_000), many: 60 })
  expect((await recorded(id)).every(({ reason }) => reason.length === 2_000)).toBe(true)
  expect((await stateOf(on, id)).actions.length).toBeLessThanOrEqual(50)
})
