import { afterAll, beforeAll, expect, it } from 'vitest'
import { policy as eta } from '../../projects/eta/policy.js'
import { policy as forecast } from '../../projects/forecast/policy.js'
import { policy as ranking } from '../../projects/ranking/policy.js'
import { policy as vision } from '../../projects/vision/policy.js'
import { looksOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { LITTLE_TRAFFIC } from '../toy-project/index.js'
import { shadowPolicy, toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

/** Never enough evidence: the release waits for the whole window, with a look every third day. */
async function waitsFor(days: number) {
  const id = await on.start(`window-${days}`, {
    source: LITTLE_TRAFFIC,
    policy: {
      ...toyPolicy,
      deadline: `${days}d`,
      maxExtensions: 0,
      lookEvery: '3d',
      steps: [{ weight: 5_000, atLeast: '1d' }],
      judge: { ...toyPolicy.judge, minMature: 1_000_000 },
    },
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: expect.stringMatching(/^hold:deadline:/) })
  return { looks: (await looksOf(on, id)).length, events: await eventsOf(id) }
}

async function eventsOf(id: string): Promise<number> {
  const { events } = await on.client.workflow.getHandle(id).fetchHistory()
  return events?.length ?? Number.NaN
}

it('a window of sixty days writes no more history than one of a day', async () => {
  const day = await waitsFor(1)
  const months = await waitsFor(60)
  // The deadline counts from the opening, the looks from the first whole day after it.
  expect(day.looks).toBe(1)
  expect(months.looks).toBe(20)
  expect(day.events).toBeLessThan(150)
  expect(months.events).toBeLessThan(150)
  expect(Math.abs(months.events - day.events)).toBeLessThanOrEqual(3)
}, 300_000)

/** Judged as the toy project is, whose effects are another size. */
const { judge } = shadowPolicy
// Every run has the same candidate.
const undecided = { ...judge, minMature: 1_000_000, maxRuns: 20 }

it.each(Object.entries({ eta, forecast, ranking, vision }))(
  'with the policy of %s a release that is extended and held has fewer than 150 events',
  async (name, policy) => {
    const id = await on.start(`held-${name}`, { policy: { ...policy, judge: undecided } })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: expect.stringMatching(/^hold:deadline/) })
    expect(await eventsOf(id)).toBeLessThan(150)
  },
  300_000,
)

it('with the policy of most steps a promoted release has fewer than 150 events, its probation included', async () => {
  const id = await on.start('promoted', { policy: { ...eta, judge }, cutoff: '2001-01-21T00:00:00.000Z' })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted' })
  expect(await eventsOf(id)).toBeLessThan(150)
}, 300_000)
