/** Of the test equipment: a lock that the time-skipping server keeps for good must not stop the runs of a test. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { LITTLE_TRAFFIC } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

const judge = { ...toyPolicy.judge, minMature: 1_000_000 }

it('a result comes although a lock of nothing at work is left on the clock', async () => {
  const policy = { ...toyPolicy, deadline: '2d', maxExtensions: 0, judge }
  const id = await on.start('locked', { policy, source: LITTLE_TRAFFIC })
  await on.env.connection.testService?.lockTimeSkipping({})
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held' })
})
