import { afterAll, beforeAll, expect, it } from 'vitest'
import { entriesOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

it('the same trigger at the same time, and again after its verdict, is one workflow and one release', async () => {
  const started = await Promise.all([1, 2, 3, 4].map(() => on.begin('nightly')))
  expect(new Set(started.map(({ workflowId }) => workflowId))).toEqual(new Set(['release/toy/nightly']))
  expect(started.filter(({ existed }) => !existed)).toHaveLength(1)
  const handle = on.client.workflow.getHandle('release/toy/nightly')
  const { runId } = await handle.describe()
  const result = await resultOf(on, 'release/toy/nightly')
  expect(result.verdict).toBe('promoted')

  // Another cutoff would be another candidate: the trigger decides, not what it carries.
  const again = await on.begin('nightly', { cutoff: '2001-01-21T00:00:00.000Z' })
  expect(again).toEqual({ workflowId: 'release/toy/nightly', existed: true })
  expect((await handle.describe()).runId).toBe(runId)
  expect(await resultOf(on, 'release/toy/nightly')).toEqual(result)

  for (const kind of ['trigger', 'snapshot', 'training_run', 'release', 'verdict'] as const) {
    expect(await entriesOf(on, 'release/toy/nightly', kind), kind).toHaveLength(1)
  }
  expect((await on.registry.runs.list('toy')).map(({ workflowId }) => workflowId)).toEqual(['release/toy/nightly'])
  expect(await on.registry.aliases.current('toy')).toEqual({ production: result.releaseId, canary: null })
})

it('another trigger is another release', async () => {
  const { existed } = await on.begin('nightly-2')
  expect(existed).toBe(false)
  expect(await resultOf(on, 'release/toy/nightly-2')).toMatchObject({ verdict: 'held', reason: 'hold:cost_improves' })
})
