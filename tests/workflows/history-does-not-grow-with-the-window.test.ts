import { afterAll, beforeAll, expect, it } from 'vitest'
import { looksOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

/** Never enough evidence: the release waits for the whole window, with a look every third day. */
async function waitsFor(days: number) {
  const id = await on.start(`window-${days}`, {
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
  const { events } = await on.client.workflow.getHandle(id).fetchHistory()
  return { looks: (await looksOf(on, id)).length, events: events?.length ?? Number.NaN }
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
