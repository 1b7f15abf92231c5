/**
 * Production is moved by hand between the judgement that permits a promotion and the move: that move is not
 * overwritten.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../contracts/canonical.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import { createMeanwhile } from '../support/before-activity.js'
import { moveByHand, replacedProduction } from '../support/replace-production.js'
import {
  entriesOf,
  eventuallyAfterDays,
  looksOf,
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

/** Moves production by hand just before the release does. */
async function outrun(key: string): Promise<[string, string]> {
  const [before, after] = await replacedProduction(on, key)
  meanwhile.once('promote', () => moveByHand(on, before))
  return [before, after]
}

const productionMoves = async (id: string) => (await movesOf(on, id)).filter((move) => move.startsWith('production'))
const daysOf = ({ cohorts }: RecordedLook) => cohorts.map(({ day }) => day)
const judgedAgainst = async (id: string) => (await entriesOf(on, id, 'evaluation')).map(({ body }) => body.production)
const approvals = async (id: string) =>
  (await entriesOf(on, id, 'approval')).map(({ key }) => key.replace(`${id}:approval:`, ''))
const closings = async (id: string) =>
  (await on.registry.aliases.history('toy')).filter(({ workflowId, to }) => workflowId === id && to === null)

it('it is not overwritten: the candidate is evaluated, exposed and judged again, against the new production', async () => {
  const [before, after] = await outrun('outrun')
  const id = await on.start('outrun')
  await eventuallyAfterDays(on, 'evaluated again', async () => (await judgedAgainst(id)).length === 2)
  expect(await judgedAgainst(id)).toEqual([after, before])
  const again = await reaches(on, id, 'canary', ({ production }) => production === before)
  expect((await on.registry.aliases.current('toy')).production).toBe(before)
  expect(await productionMoves(id)).toEqual([])
  const [closed] = await closings(id)
  expect(closed?.reason).toBe(
    `production_changed: Production is ${before}, not ${after}, which ${again.releaseId} was judged against.`,
  )
  const first = (await looksOf(on, id)).length

  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect(await productionMoves(id)).toEqual([`production: ${before} → ${again.releaseId}`])
  // The permission of before was of no use: this one rests on a look of its own.
  const [promoted] = (await on.registry.aliases.history('toy')).filter(({ key }) => key === `${id}:promote`)
  const digests = (await looksOf(on, id)).map(({ judgement }) => digestOf(judgement))
  expect(digests.lastIndexOf(promoted?.evidence ?? '')).toBeGreaterThanOrEqual(first)
  // The judge takes no look of the other comparison into account.
  expect((await looksOf(on, id))[first]).toMatchObject({ opening: 1, looks: [] })
})

it('in compressed time no day of the first exposure is exposed again', async () => {
  const [before] = await outrun('compressed')
  const id = await on.start('compressed', { speed: 24 })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect((await productionMoves(id))[0]).toContain(`production: ${before} → `)
  const looks = (await looksOf(on, id)).filter(({ phase }) => phase === 'canary')
  const days = (opening: number) => looks.filter((look) => (look.opening ?? 0) === opening).flatMap(daysOf)
  expect(days(0).length).toBeGreaterThan(0)
  expect(days(1).length).toBeGreaterThan(0)
  expect(days(1).filter((day) => days(0).includes(day))).toEqual([])
})

/** `never`: an approval is no promotion by hand. */
const approved = { ...toyPolicy, promotionApproval: 'other_person', manualPromote: 'never' } as const
const asked = (id: string, number: number) =>
  eventuallyAfterDays(on, `approval ${number} asked for`, async () => {
    const { awaitingApproval } = await stateOf(on, id)
    return awaitingApproval && (await approvals(id)).includes(`${number}:asked`)
  })

describe('a person’s approval', () => {
  it('that was given does not count for another comparison, and is requested again', async () => {
    const [before] = await outrun('given')
    const id = await on.start('given', { policy: approved })
    await asked(id, 1)
    await operate(on, id, 'promote', { by: 'bo', reason: 'read the report' })
    await asked(id, 2)
    expect(await approvals(id)).toEqual(['1:asked', '1:given', '2:asked'])
    expect((await closings(id))[0]?.reason).toMatch(/^production_changed: .* The promotion requested by bo lapses\.$/)
    // Neither silence nor the earlier approval promotes.
    await on.env.sleep('3 days')
    expect((await on.registry.aliases.current('toy')).production).toBe(before)
    expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', awaitingApproval: true })
    await operate(on, id, 'promote', { by: 'cleo', reason: 'read it too' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
    expect((await approvals(id)).at(-1)).toBe('2:given')
    const [promoted] = (await on.registry.aliases.history('toy')).filter(({ key }) => key === `${id}:promote`)
    expect(promoted).toMatchObject({ actor: 'cleo', from: before })
  })

  it('that is awaited lapses with the comparison, also if it is given at that moment', async () => {
    const [before] = await replacedProduction(on, 'waited')
    const id = await on.start('waited', { policy: approved })
    await asked(id, 1)
    // The release got no signal: the look that the approval requests notices it.
    await moveByHand(on, before)
    expect(await operate(on, id, 'promote', { by: 'bo' })).toMatchObject({ accepted: true })
    await asked(id, 2)
    expect(await approvals(id)).toEqual(['1:asked', '1:lapsed', '2:asked'])
    expect((await closings(id))[0]?.reason).toMatch(/^production_changed: .* The promotion requested by bo lapses\.$/)
    await on.env.sleep('3 days')
    expect(await productionMoves(id)).toEqual([])
    await operate(on, id, 'promote', { by: 'bo' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
    expect(await productionMoves(id)).toEqual([`production: ${before} → ${(await stateOf(on, id)).releaseId}`])
  })
})
