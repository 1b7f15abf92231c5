/** No worker serves the project any more, so that no look is taken: deadlines hold all the same. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { slipway } from '../support/slipway.js'
import { entriesOf, eventuallyAfterDays, exposed, looksOf, movesOf, resultOf, stateOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

const MINUTE_MS = 60_000
const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
/** This server does not skip time by itself while an activity waits for a worker. */
async function endsWithoutLooks(id: string) {
  await eventuallyAfterDays(on, 'the end', async () => (await stateOf(on, id)).stage === 'done')
  return resultOf(on, id)
}
const eventsOf = async (id: string) => (await on.client.workflow.getHandle(id).fetchHistory()).events ?? []

it('a canary with looks ends by them, and the timer adds a few events', async () => {
  const id = await on.start('looked-at', { policy: { ...undecidable, maxExtensions: 2, extendBy: '30d' } })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:deadline:no_mature_labels' })
  expect((await eventsOf(id)).length).toBeLessThan(150)
})

it('a canary without looks is held at its deadline, and closed', async () => {
  const id = await on.start('canary', { policy: undecidable })
  await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)
  await on.withoutProjectWorker(async () => {
    const { deadline } = await stateOf(on, id)
    const held = await endsWithoutLooks(id)
    expect(held).toMatchObject({ verdict: 'held', reason: 'hold:deadline:no_look' })
    expect(held.detail).toContain(`No look was taken at the deadline ${deadline}: the newest is as of 2001-01-2`)
    const [verdict] = await entriesOf(on, id, 'verdict')
    // The look at the deadline may be almost a day later, on the grid.
    const lateMs = Date.parse(verdict?.at ?? '') - Date.parse(deadline ?? '')
    expect(lateMs).toBeGreaterThan(10 * MINUTE_MS)
    expect(lateMs).toBeLessThan(DAY_MS + 25 * MINUTE_MS)
    expect((await movesOf(on, id)).at(-1)).toMatch(/^canary: .* → null$/)
    expect((await eventsOf(id)).length).toBeLessThan(150)
  })
})

it('looks that are due after an outage are taken first', async () => {
  const id = await on.start('outage', { policy: undecidable })
  await exposed(on, id)
  await on.withoutProjectWorker(() => on.env.sleep(15 * DAY_MS + 5 * MINUTE_MS))
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:deadline:no_mature_labels' })
})

it('a probation without looks ends as promoted, and says that it was not watched', async () => {
  const promoted = await on.start('probation')
  await eventuallyAfterDays(on, 'the probation', async () => (await stateOf(on, promoted)).stage === 'probation')
  await on.withoutProjectWorker(async () => {
    expect(await endsWithoutLooks(promoted)).toMatchObject({
      verdict: 'promoted',
      reason: 'probation_unwatched:no_look',
    })
  })
  const [verdict] = await entriesOf(on, promoted, 'verdict')
  expect(verdict?.body.reason).toBe('probation_unwatched:no_look')
  expect(verdict?.body.detail).toContain('No look was taken at the deadline')
  const shown = await slipway(['release', 'show', promoted], on.environment)
  expect(shown.stdout).toContain('probation_unwatched:no_look')
  expect((await on.registry.aliases.current('toy')).production).toBe(verdict?.body.releaseId)
})
