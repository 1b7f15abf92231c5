import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdEntries } from '../support/block-ledger-entries.js'
import { trainersBelow } from '../support/find-processes.js'
import {
  entriesOf,
  eventually,
  eventuallyAfterDays,
  exposed,
  looksOf,
  movesOf,
  operate,
  reaches,
  resultOf,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
let production: string | null
beforeAll(async () => {
  on = await timeSkipping()
  production = (await on.registry.aliases.current('toy')).production
})
afterAll(() => on?.close())

/** Aborts, lets the release end, and checks what every abort leaves behind. */
async function abort(id: string, verdict: 'aborted' | 'reverted' = 'aborted') {
  const answer = await operate(on, id, 'abort', { by: 'ana', reason: 'storm' })
  expect(answer.accepted).toBe(true)
  expect(await resultOf(on, id)).toMatchObject({ verdict, reason: 'operator_abort' })
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
  expect((await entriesOf(on, id, 'verdict')).map(({ body }) => body.verdict)).toEqual([verdict])
  expect((await entriesOf(on, id, 'operator_action')).at(-1)?.body).toMatchObject({ action: 'abort', by: 'ana' })
}

describe('an abort ends the release and leaves production as it was, in', () => {
  it('validating', async () => {
    const id = await on.start('in-validating', { source: 'slow:60000' })
    await reaches(on, id, 'validating')
    await abort(id)
    expect(await entriesOf(on, id, 'snapshot')).toEqual([])
  })

  it('training, with the trainer’s process', async () => {
    const id = await on.start('in-training', { parameters: { epochs: 600, epochMs: 100 } })
    await eventually('a trainer', async () => (await trainersBelow(on.workFolder)).length === 1)
    await abort(id)
    expect(await trainersBelow(on.workFolder)).toEqual([])
    expect(await entriesOf(on, id, 'release')).toEqual([])
  })

  it('awaiting_canary, while another canary stays open', async () => {
    const holder = await on.start('holds-the-lane')
    const { releaseId } = await exposed(on, holder)
    // Of the same data: the very same candidate.
    const queued = await on.start('in-the-queue')
    await reaches(on, queued, 'awaiting_canary', ({ waitingFor }) => waitingFor === `waiting for ${holder} to end`)
    await operate(on, queued, 'abort')
    // Not by awaiting the result: that would let time run, and the holder's canary end by itself.
    await reaches(on, queued, 'done', ({ verdict }) => verdict === 'aborted')
    expect((await stateOf(on, queued)).releaseId).toBe(releaseId)
    expect(await movesOf(on, queued)).toEqual([])
    expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: releaseId })
    expect((await on.registry.lane.current('toy')).holder).toBe(holder)
    await abort(holder)
  })

  it('canary', async () => {
    const id = await on.start('in-canary')
    const { releaseId } = await exposed(on, id)
    expect((await on.registry.aliases.current('toy')).canary).toBe(releaseId)
    await abort(id)
    expect(await movesOf(on, id)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
  })

  it('canary after a promotion was requested: abort wins', async () => {
    const id = await on.start('promote-then-abort')
    await exposed(on, id)
    const handle = on.client.workflow.getHandle(id)
    await handle.signal('promote', { by: 'bo', reason: 'looks fine' })
    await handle.signal('abort', { by: 'ana', reason: 'storm' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
    expect((await entriesOf(on, id, 'operator_action')).map(({ body }) => [body.action, body.accepted])).toEqual([
      ['promote', true],
      ['abort', true],
    ])
  })

  it('promoting, while production is being moved: it is moved back at once', async () => {
    const policy = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
    const id = await on.start('in-promoting', { policy })
    const { releaseId } = await exposed(on, id)
    await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)
    const held = await holdEntries(on.environment, 'alias_move')
    try {
      await operate(on, id, 'promote')
      await eventually('production being moved', held.reached)
      await on.client.workflow.getHandle(id).signal('abort', { by: 'ana', reason: 'storm' })
      await reaches(on, id, 'promoting', ({ actions }) => actions.at(-1)?.action === 'abort')
    } finally {
      await held.letGo()
    }
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
    expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
    expect((await movesOf(on, id)).slice(-3)).toEqual([
      `production: ${production} → ${releaseId}`,
      `canary: ${releaseId} → null`,
      `production: ${releaseId} → ${production}`,
    ])
  })

  it('probation: production is moved back', async () => {
    const policy = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }
    const id = await on.start('in-probation', { policy })
    const { releaseId } = await exposed(on, id)
    // The canary's days pass; probation has two months to go.
    await on.env.sleep('10 days')
    await reaches(on, id, 'probation')
    expect((await on.registry.aliases.current('toy')).production).toBe(releaseId)
    await abort(id, 'reverted')
    expect((await movesOf(on, id)).at(-1)).toBe(`production: ${releaseId} → ${production}`)
  })
})
