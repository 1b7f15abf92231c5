import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { looksOf, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

/** Never decided by its labels. Labels are final after a day. */
const policy = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

const lookedUntil = async (id: string) => (await looksOf(on, id)).at(-1)?.judgement.numbers.asOf

it('held with no_more_traffic once the last labels are final, not looked at until the extended deadline', async () => {
  const id = await on.start('ends', { policy, source: 'without:2001-01-24/' })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:no_more_traffic' })
  expect(await lookedUntil(id)).toBe('2001-01-25T00:00:00.000Z')
})

it('a gap in the data does not end it: looks go on until the extended deadline', async () => {
  const id = await on.start('gap', { policy, source: 'without:2001-01-24/2001-01-29' })
  const { verdict, reason } = await resultOf(on, id)
  expect([verdict, reason]).toEqual(['held', expect.stringMatching(/^hold:deadline:/)])
  expect(await lookedUntil(id)).toBe('2001-02-11T00:00:00.000Z')
})
