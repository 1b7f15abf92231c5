import { afterAll, beforeAll, expect, it } from 'vitest'
import { entriesOf, exposed, looksOf, movesOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

it('a rollback event of the replayed days rolls back, with the numbers that made it fire', async () => {
  const { production } = await on.registry.aliases.current('toy')
  const id = await on.start('certain', { parameters: { certain: true } })
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict: 'rolled_back', reason: 'breach:certain_share' })
  const [first] = await entriesOf(on, id, 'breach')
  expect(first?.body).toMatchObject({
    signal: 'certain_share',
    arm: 'canary',
    threshold: 0.1,
    power: 'rollback',
    decisions: expect.any(Number) as number,
    window: { from: '2001-01-21T00:00:00.000Z', to: '2001-01-22T00:00:00.000Z' },
  })
  // At the first look, long before labels are mature.
  expect((await looksOf(on, id)).map(({ judgement }) => judgement.action)).toEqual(['rollback'])
  expect(await movesOf(on, id)).toEqual([`canary: null → ${result.releaseId}`, `canary: ${result.releaseId} → null`])
  expect((await on.registry.aliases.current('toy')).production).toBe(production)
})

it('a live request during a replayed canary is not evidence, and does not stop the replay', async () => {
  const id = await on.start('with-live-requests')
  await exposed(on, id)
  const common = {
    workflowId: id,
    releaseId: 'toy_v1',
    arm: 'canary' as const,
    entityHash: 'e',
    output: {},
    action: 'warn',
  }
  // Wall time, which is far ahead of this release's event time.
  await on.registry.evidence.recordDecisions('toy', [
    { ...common, decisionId: 'live-one', eventAt: Date.now(), source: 'live' },
  ])
  const result = await resultOf(on, id)
  expect(result.verdict).toBe('promoted')
  const [last] = (await looksOf(on, id)).slice(-1)
  expect(last?.cohorts.map(({ day }) => day < '2002').every(Boolean)).toBe(true)
})
