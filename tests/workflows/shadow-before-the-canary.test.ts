/** A release whose policy has a shadow: the candidate scores what production answers before it answers anything. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { breachKey } from '../../contracts/ledger/index.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { createMeanwhile } from '../support/before-activity.js'
import { moveByHand, replacedProduction } from '../support/replace-production.js'
import { loseHistory, resumeLostRun } from '../support/resume-lost-run.js'
import {
  detailsOf,
  entriesOf,
  eventuallyAfterDays,
  exposed,
  looksOf,
  movesOf,
  operate,
  reaches,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { shadowPolicy } from '../toy-project/policy.js'

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

const lasting = (lasts: string, more: Partial<PromotionPolicy> = {}, minMature?: number): PromotionPolicy => ({
  ...shadowPolicy,
  // The tests train the same candidate again and again.
  judge: { ...shadowPolicy.judge, maxRuns: 20 },
  shadow: { share: 5_000, lasts, ...(minMature === undefined ? {} : { minMature }) },
  ...more,
})
const stepsOf = async (id: string) =>
  (await entriesOf(on, id, 'canary_step')).map(({ body }) => [body.phase, body.weight])

it('shadow, canary, promotion: the deadline and the evidence of the canary begin with its first step', async () => {
  const id = await on.start('promoted', { policy: lasting('2d') })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect((await stepsOf(id)).map(([phase]) => phase)).toEqual(['shadow', 'canary', 'canary', 'probation'])
  expect((await stepsOf(id))[0]).toEqual(['shadow', 0])
  const looks = await looksOf(on, id)
  const shadow = looks.filter(({ phase }) => phase === 'shadow')
  const canary = looks.filter(({ phase }) => phase === 'canary')
  for (const look of shadow) expect(look.cohorts).toEqual([])
  const last = shadow.at(-1)
  // Half of about 200 parcels a day, on one whole day at least; the candidate differs from the baseline.
  expect(last?.shadow?.compared).toBeGreaterThan(50)
  expect(last?.shadow?.failed).toBe(0)
  expect(last?.shadow?.otherActions).toBeGreaterThan(0)
  expect(last?.shadow?.differences?.largest).toBeGreaterThan(0)
  const ended = Date.parse(last?.judgement.numbers.asOf ?? '')
  for (const { opened, deadline, cohorts } of canary) {
    expect(Date.parse(opened)).toBe(ended)
    expect(Date.parse(deadline) - Date.parse(opened)).toBe(14 * DAY_MS)
    for (const { arm, day } of cohorts) {
      expect(['canary', 'production']).toContain(arm)
      expect(Date.parse(day)).toBeGreaterThanOrEqual(ended)
    }
  }
})

it('waits for mature labels of the shadow, and for no longer than its deadline', async () => {
  const waits = await on.start('labels', { policy: lasting('1d', {}, 250) })
  const first = await eventuallyAfterDays(on, 'the first step', async () =>
    (await stepsOf(waits)).some(([phase]) => phase === 'canary'),
  )
  expect(first).toBe(true)
  const shadow = (await looksOf(on, waits)).filter(({ phase }) => phase === 'shadow')
  expect(shadow.at(-1)?.shadow?.mature).toBeGreaterThanOrEqual(250)
  expect(shadow.at(-2)?.shadow?.mature).toBeLessThan(250)
  await operate(on, waits, 'abort')
  await resultOf(on, waits)
  const never = await on.start('no-labels', {
    cutoff: '2001-01-22T00:00:00.000Z',
    policy: lasting('1d', { deadline: '6d' }, 1_000_000),
  })
  const { verdict, reason } = await resultOf(on, never)
  expect([verdict, reason.startsWith('hold:deadline')]).toEqual(['held', true])
  expect((await stepsOf(never)).map(([phase]) => phase)).toEqual(['shadow'])
})

it('a rollback event of the shadow rolls back, and no entity got the candidate', async () => {
  const id = await on.start('certain', { parameters: { certain: true }, policy: lasting('5d') })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:certain_share' })
  const [breach] = await entriesOf(on, id, 'breach')
  expect(breach?.body).toMatchObject({ arm: 'shadow', power: 'rollback' })
  expect(await stepsOf(id)).toEqual([['shadow', 0]])
  expect((await on.registry.aliases.current('toy')).canary).toBeNull()
})

/** Just before the first look of the canary. */
const beforeTheFirstStep = (id: string, work: () => Promise<unknown>): void =>
  meanwhile.once('watchExposure', async () => {
    if ((await stateOf(on, id)).shadow) beforeTheFirstStep(id, work)
    else await work()
  })

it('a rollback event that is stored after the last look of the shadow rolls back too', async () => {
  const id = await on.start('last-moment', { policy: lasting('2d') })
  await exposed(on, id)
  beforeTheFirstStep(id, async () => {
    const at = (await looksOf(on, id)).at(-1)?.judgement.numbers.asOf ?? ''
    const body = { signal: 'latency', arm: 'shadow', value: 2, threshold: 1, power: 'rollback', at } as const
    await on.registry.ledger.append({ project: 'toy', kind: 'breach', subject: id, key: breachKey(id, body), body })
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:latency' })
})

describe('a run whose history is lost in its shadow,', () => {
  const long = lasting('10d')

  async function lostInShadow(trigger: string): Promise<string> {
    const id = await on.start(trigger, { policy: long })
    await exposed(on, id)
    await eventuallyAfterDays(on, 'a look of the shadow', async () => (await looksOf(on, id)).length > 1)
    await loseHistory(on, id)
    return id
  }

  it('is in its shadow when it is resumed: the first step begins when that has ended', async () => {
    const id = await lostInShadow('lost')
    await resumeLostRun(on, id)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
    const looks = await looksOf(on, id)
    const shadow = looks.filter(({ phase }) => phase === 'shadow')
    const ended = Date.parse(shadow.at(-1)?.judgement.numbers.asOf ?? '')
    const opened = [...new Set(shadow.map((look) => Date.parse(look.opened)))]
    expect(opened).toHaveLength(1)
    expect(ended - Number(opened[0])).toBeGreaterThanOrEqual(10 * DAY_MS)
    for (const look of looks.filter(({ phase }) => phase === 'canary')) expect(Date.parse(look.opened)).toBe(ended)
  })

  it('is aborted when it is resumed, if an abort of it was accepted', async () => {
    const id = await lostInShadow('lost-aborted')
    const body = { id: 'stop', action: 'abort', by: 'ana', reason: 'storm', accepted: true, message: 'aborting' }
    const entry = { project: 'toy', kind: 'operator_action', subject: id, key: `${id}:action:stop` } as const
    await on.registry.ledger.append({ ...entry, body })
    await resumeLostRun(on, id)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    expect((await on.registry.aliases.current('toy')).canary).toBeNull()
  })
})

describe('operators in the shadow:', () => {
  const long = lasting('10d')

  it('an abort ends it, and a promotion is refused', async () => {
    const id = await on.start('aborted', { policy: long })
    await exposed(on, id)
    expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', shadow: true, canaryStep: null })
    expect(await detailsOf(on, id)).toContain('An operator can: abort, pause, resume, extend.')
    const promote = await operate(on, id, 'promote')
    expect(promote).toMatchObject({ accepted: false, message: expect.stringContaining('in the shadow') as string })
    await operate(on, id, 'abort')
    const { verdict, releaseId } = await resultOf(on, id)
    expect(verdict).toBe('aborted')
    expect(await movesOf(on, id)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
  })

  it('a pause keeps the first step from beginning, until it is resumed', async () => {
    const id = await on.start('paused', { policy: lasting('1d') })
    await exposed(on, id)
    await operate(on, id, 'pause')
    await reaches(on, id, 'canary', ({ paused }) => paused)
    await eventuallyAfterDays(on, 'looks of a paused shadow', async () => (await looksOf(on, id)).length > 3)
    expect(await stepsOf(id)).toEqual([['shadow', 0]])
    await operate(on, id, 'resume')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted' })
  })

  it('a newer candidate supersedes it', async () => {
    const old = await on.start('old', { policy: long })
    await exposed(on, old)
    const next = await on.start('next', {
      policy: lasting('1d', { onCanaryBusy: 'supersede' }),
      cutoff: '2001-01-21T00:00:00.000Z',
    })
    expect(await resultOf(on, old)).toMatchObject({ verdict: 'aborted', reason: 'superseded' })
    expect(await resultOf(on, next)).toMatchObject({ verdict: 'promoted' })
  })

  it('a rollback of production meanwhile: evaluated again, and in the shadow again', async () => {
    const [before] = await replacedProduction(on, 'shadow-anew')
    const id = await on.start('reopened', { policy: lasting('8d'), cutoff: '2001-01-24T00:00:00.000Z' })
    await exposed(on, id)
    await moveByHand(on, before)
    await eventuallyAfterDays(on, 'the second shadow', async () => (await stepsOf(id)).length > 1)
    expect(await stepsOf(id)).toEqual([
      ['shadow', 0],
      ['shadow', 0],
    ])
  })
})
