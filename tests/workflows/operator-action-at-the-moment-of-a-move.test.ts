/** An operator action arrives, or production moves, at the moment at which a release acts on something else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMeanwhile } from '../support/before-activity.js'
import { moveByHand, replacedProduction } from '../support/replace-production.js'
import {
  entriesOf,
  eventually,
  eventuallyAfterDays,
  movesOf,
  operate,
  reaches,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

const meanwhile = createMeanwhile()
let on: Harness
beforeAll(async () => {
  on = await timeSkipping(meanwhile)
})
afterEach(async () => {
  meanwhile.forget()
  await startOver(on)
})
afterAll(() => on?.close())

const productionMoves = async (id: string) => (await movesOf(on, id)).filter((move) => move.startsWith('production'))
const asked = (id: string) =>
  eventuallyAfterDays(on, 'approval asked for', async () => (await stateOf(on, id)).awaitingApproval)

it('a pause that arrives while an approval is recorded cancels it', async () => {
  const id = await on.start('paused-meanwhile', { policy: { ...toyPolicy, promotionApproval: 'other_person' } })
  await asked(id)
  meanwhile.once('recordApproval', () => operate(on, id, 'pause', { by: 'ana' }))
  await operate(on, id, 'promote', { by: 'bo' })
  await reaches(on, id, 'canary', ({ paused }) => paused)
  await on.env.sleep('3 days')
  expect(await productionMoves(id)).toEqual([])
  await operate(on, id, 'resume')
  // Said once: it is asked for again.
  await asked(id)
  expect((await entriesOf(on, id, 'approval')).map(({ body }) => body.state)).toEqual(['asked', 'given', 'asked'])
})

it('an abort that is in the ledger before production moves stops the move', async () => {
  const id = 'release/toy/aborted-in-time'
  const before = (await on.registry.aliases.current('toy')).production
  meanwhile.once('promote', async () => {
    await on.client.workflow.getHandle(id).signal('abort', { by: 'ana', reason: 'storm' })
    await eventually('the word', async () => (await entriesOf(on, id, 'operator_action')).length === 1)
  })
  await on.start('aborted-in-time')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect(await productionMoves(id)).toEqual([])
  expect(await on.registry.aliases.current('toy')).toEqual({ production: before, canary: null })
})

describe('a newer candidate that comes while production is about to move', () => {
  const supersede = async (id: string) => {
    const note = { by: 'release/toy/newer', reason: 'newer', id: 'newer' }
    await on.client.workflow.getHandle(id).signal('supersede', note)
    await eventually('the word', async () => (await stateOf(on, id)).actions.length === 1)
  }

  it('aborts a release whose move came too late', async () => {
    const id = 'release/toy/superseded-too-late'
    const [before] = await replacedProduction(on, 'superseded-too-late')
    meanwhile.once('promote', async () => {
      await moveByHand(on, before)
      await supersede(id)
    })
    await on.start('superseded-too-late')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'superseded' })
    expect(await productionMoves(id)).toEqual([])
    expect(await on.registry.aliases.current('toy')).toEqual({ production: before, canary: null })
  })

  it('ends the probation of one that moved, and the promotion stays', async () => {
    const id = 'release/toy/superseded-in-time'
    meanwhile.once('promote', () => supersede(id))
    await on.start('superseded-in-time')
    const { verdict, reason, releaseId } = await resultOf(on, id)
    expect({ verdict, reason }).toEqual({ verdict: 'promoted', reason: 'probation_superseded:non_inferior' })
    expect(await on.registry.aliases.current('toy')).toEqual({ production: releaseId, canary: null })
  })
})

describe('in probation', () => {
  async function inProbation(trigger: string): Promise<{ id: string; before: string }> {
    const before = (await on.registry.aliases.current('toy')).production ?? ''
    const id = await on.start(trigger, { policy: { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } } })
    await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, id)).stage === 'probation')
    return { id, before }
  }

  it('an abort does not move production again after another move at that moment, and says so', async () => {
    const { id, before } = await inProbation('aborted')
    meanwhile.once('revert', () => moveByHand(on, before))
    await operate(on, id, 'abort')
    const { verdict, reason, detail } = await resultOf(on, id)
    expect({ verdict, reason }).toEqual({ verdict: 'reverted', reason: 'operator_abort' })
    expect(detail).toMatch(/had already been moved to \S+; it was not moved again\.$/)
    expect(await productionMoves(id)).toHaveLength(1)
  })

  it('a newer candidate that ends it early does not report a promotion that was moved back meanwhile', async () => {
    const { id, before } = await inProbation('superseded')
    meanwhile.once('findProduction', () => moveByHand(on, before))
    await on.client.workflow.getHandle(id).signal('supersede', { by: 'release/toy/newer', reason: 'newer' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'production_moved' })
  })
})
