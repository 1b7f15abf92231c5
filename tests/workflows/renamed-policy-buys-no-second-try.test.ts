import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PromotionPolicy } from '../../contracts/types.js'
import { eventuallyAfterDays, exposed, looksOf, movesOf, operate, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

const policy = (name: string, maxRuns?: number): PromotionPolicy => ({
  ...toyPolicy,
  schema: 'slipway.policy/2',
  name,
  judge: { ...toyPolicy.judge, failureLoss: 5, ...(maxRuns === undefined ? {} : { maxRuns }) },
})

/** Starts a release and ends it by an operator, before or after its first look. */
async function tried(trigger: string, by: PromotionPolicy, look: boolean): Promise<string> {
  const id = await on.start(trigger, { policy: by })
  await exposed(on, id)
  if (look) await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)
  await operate(on, id, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  return id
}

it('a canary without a look is no try; one look is, also under another name of the policy', async () => {
  await tried('not-looked-at', policy('first'), false)
  const judged = await tried('looked-at', policy('first'), true)
  const second = await on.start('renamed', { policy: policy('another name') })
  const result = await resultOf(on, second)
  expect(result).toMatchObject({ verdict: 'held', reason: 'hold:runs_exhausted' })
  expect(result.detail).toContain(judged)
  expect(await movesOf(on, second)).toEqual([])
})

it('as many as the policy allows may be judged', async () => {
  const again = await tried('two-of-two', policy('allows two', 2), true)
  const result = await resultOf(on, await on.start('three-of-two', { policy: policy('allows two', 2) }))
  expect(result).toMatchObject({ verdict: 'held', reason: 'hold:runs_exhausted' })
  expect(result.detail).toContain(again)
})

it('other parameters are another candidate', async () => {
  const id = await on.start('other-cutoff', { policy: policy('first'), cutoff: '2001-01-21T00:00:00.000Z' })
  await exposed(on, id)
  await operate(on, id, 'abort')
  await resultOf(on, id)
})

it('policies of version 1 count nothing, as before', async () => {
  await tried('version-1', toyPolicy, true)
})
