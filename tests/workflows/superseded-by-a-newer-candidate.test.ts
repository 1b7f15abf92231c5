/** A newer candidate takes the lane: an open canary is aborted, a probation ends early and keeps its promotion. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { needsAttention } from '../../releases/attention.js'
import {
  entriesOf,
  eventuallyAfterDays,
  exposed,
  movesOf,
  operate,
  reaches,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
let production: string
beforeAll(async () => {
  on = await timeSkipping({ maxCachedWorkflows: 0 })
  production = (await on.registry.aliases.current('toy')).production ?? ''
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const supersede = { ...toyPolicy, onCanaryBusy: 'supersede' as const }
const words = async (id: string) =>
  (await entriesOf(on, id, 'operator_action')).map(({ body }) => [body.action, body.by, body.accepted])

it('in its canary: aborted as superseded, and production is the target of a rollback as before', async () => {
  const old = await on.start('old', { policy: undecidable })
  await exposed(on, old)
  const next = await on.start('next', { policy: supersede, cutoff: '2001-01-21T00:00:00.000Z' })
  expect(await resultOf(on, old)).toMatchObject({ verdict: 'aborted', reason: 'superseded' })
  expect(await words(old)).toEqual([['supersede', next, true]])
  const { verdict, releaseId } = await resultOf(on, next)
  expect(verdict).toBe('promoted')
  expect((await movesOf(on, next))[1]).toBe(`production: ${production} → ${releaseId}`)
})

describe('in a canary that waits for a person:', () => {
  /** The awaited action no longer matters: no one is asked for it, and it cannot bring the release back. */
  async function givesWay(old: string): Promise<void> {
    const next = await on.start(`${old.split('/')[2]}-next`, { policy: supersede, cutoff: '2001-01-21T00:00:00.000Z' })
    const ended = await reaches(on, old, 'done', ({ verdict }) => verdict !== null)
    expect(ended).toMatchObject({ verdict: 'aborted', reason: 'superseded' })
    expect((await words(old)).at(-1)).toEqual(['supersede', next, true])
    expect((await needsAttention(on.registry, 0, 'toy')).map(({ workflowId }) => workflowId)).toEqual([])
    await exposed(on, next)
    expect(await on.registry.aliases.current('toy')).toEqual({
      production,
      canary: (await stateOf(on, next)).releaseId,
    })
    expect((await on.registry.lane.current('toy')).holder).toBe(next)
    const { verdict, releaseId } = await resultOf(on, next)
    expect(verdict).toBe('promoted')
    expect((await on.registry.aliases.current('toy')).production).toBe(releaseId)
    expect((await movesOf(on, old)).filter((move) => move.startsWith('production'))).toEqual([])
  }

  it('to be approved, it is aborted and never promoted', async () => {
    const old = await on.start('unapproved', { policy: { ...toyPolicy, promotionApproval: 'other_person' } })
    await exposed(on, old)
    await eventuallyAfterDays(on, 'approval asked for', async () => (await stateOf(on, old)).awaitingApproval)
    await givesWay(old)
    expect((await entriesOf(on, old, 'approval')).map(({ body }) => body.state)).toEqual(['asked'])
  })

  it('to be resumed, it is aborted and never resumed', async () => {
    const old = await on.start('paused', { policy: toyPolicy })
    await exposed(on, old)
    await operate(on, old, 'pause')
    await reaches(on, old, 'canary', ({ paused }) => paused)
    await givesWay(old)
  })
})

it('in probation: it ends early, the promotion stays, and the newer one is compared with it', async () => {
  const policy = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }
  const old = await on.start('promoted', { policy })
  await exposed(on, old)
  await on.env.sleep('10 days')
  const { releaseId: first } = await reaches(on, old, 'probation')
  // What it learned from is better still: it beats the one that has just been promoted.
  const next = await on.start('newer', { policy: supersede, parameters: { feed: true } })
  const ended = await reaches(on, old, 'done', ({ verdict }) => verdict !== null)
  expect(ended).toMatchObject({ verdict: 'promoted', reason: 'probation_superseded:non_inferior' })
  expect(ended.waitingFor).toContain(`ended early by ${next}: superseded by a newer candidate`)
  expect(await words(old)).toEqual([['supersede', next, true]])
  expect((await on.registry.aliases.current('toy')).production).toBe(first)
  await exposed(on, next)
  const against = (await entriesOf(on, next, 'evaluation')).map(({ body }) => body.production)
  expect(against).toEqual([first])
  expect((await on.registry.lane.current('toy')).holder).toBe(next)
  expect((await movesOf(on, old)).filter((move) => move.startsWith('production'))).toEqual([
    `production: ${production} → ${first}`,
  ])
})

it('an operator’s abort in probation wins over it', async () => {
  const policy = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }
  const id = await on.start('both', { policy })
  await exposed(on, id)
  await on.env.sleep('10 days')
  await reaches(on, id, 'probation')
  const handle = on.client.workflow.getHandle(id)
  await on.withoutWorkflowWorker(async () => {
    await handle.signal('supersede', { by: 'release/toy/other', reason: 'newer' })
    await handle.signal('abort', { by: 'ana', reason: 'storm' })
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  expect((await on.registry.aliases.current('toy')).production).toBe(production)
})
