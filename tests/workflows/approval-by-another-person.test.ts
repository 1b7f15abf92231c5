/** The policy requires approval by another person: the run asks, keeps looking, and is never promoted without it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PromotionPolicy } from '../../contracts/types.js'
import { needsAttention } from '../../releases/attention.js'
import { createMeanwhile } from '../support/before-activity.js'
import { slipway } from '../support/slipway.js'
import {
  entriesOf,
  eventually,
  eventuallyAfterDays,
  exposed,
  looksOf,
  movesOf,
  operate,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import type { ToyRelease } from '../support/toy-release.js'
import { toyPolicy } from '../toy-project/policy.js'

const meanwhile = createMeanwhile()
let on: Harness
let production: string
beforeAll(async () => {
  on = await timeSkipping(meanwhile)
  production = (await on.registry.aliases.current('toy')).production ?? ''
})
afterEach(async () => {
  meanwhile.forget()
  await startOver(on)
})
afterAll(() => on?.close())

/** `never`: an approval is no promotion by hand. */
const policy: PromotionPolicy = { ...toyPolicy, promotionApproval: 'other_person', manualPromote: 'never' }

async function asks(trigger: string, options: ToyRelease = {}): Promise<string> {
  const id = await on.start(trigger, { policy, ...options })
  await exposed(on, id)
  await eventuallyAfterDays(on, 'approval asked for', async () => (await stateOf(on, id)).awaitingApproval)
  return id
}

const approvals = async (id: string) => (await entriesOf(on, id, 'approval')).map(({ body }) => body.state)
const unmoved = async (id: string) => {
  expect((await movesOf(on, id)).filter((move) => move.startsWith('production'))).toEqual([])
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
}

it('neither the person who started it nor one without a name can approve; another person can, which ends the wait', async () => {
  const id = await asks('asked')
  const attention = async () => (await needsAttention(on.registry, 0, 'toy')).map(({ why }) => why)
  expect(await attention()).toEqual(['awaiting_approval'])
  for (const by of ['test', '  TEST ', 'unnamed']) {
    const answer = await operate(on, id, 'promote', { by })
    expect(answer.accepted).toBe(false)
    expect(answer.message).toContain('promotionApproval: other_person')
  }
  await on.client.workflow.getHandle(id).signal('promote')
  await eventually('four refusals', async () => (await entriesOf(on, id, 'operator_action')).length === 4)
  const accepted = async () => (await entriesOf(on, id, 'operator_action')).map(({ body }) => body.accepted)
  expect(await accepted()).toEqual([false, false, false, false])
  expect((await on.registry.aliases.current('toy')).production).toBe(production)

  expect(await operate(on, id, 'promote', { by: 'bo', reason: 'read the report' })).toMatchObject({ accepted: true })
  const { releaseId } = await stateOf(on, id)
  await eventually('production', async () => (await on.registry.aliases.current('toy')).production === releaseId)
  expect(await attention()).toEqual([])
  expect(await approvals(id)).toEqual(['asked', 'given'])
  const promoted = (await on.registry.aliases.history('toy')).find(({ key }) => key === `${id}:promote`)
  expect(promoted).toMatchObject({ actor: 'bo', reason: 'non_inferior' })
  expect(promoted?.evidence).toMatch(/^sha256:/)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  const { manifest } = await on.registry.releases.get(releaseId ?? '')
  expect(manifest.promotionPolicy.promotionApproval).toBe('other_person')
  const shown = await slipway(['release', 'show', id], on.environment)
  expect(shown.stdout).toContain('promotion approved by bo: read the report')
  expect(shown.stdout).toContain(
    'refused: test started this release; the policy requires the approval of another person',
  )
})

it('the person who started it cannot approve by spelling their name differently, by update or by signal', async () => {
  const id = await asks('spelled', { by: 'Ana Maria' })
  const spellings = ['Ana Maria', 'ana maria', '  ANA \t MARIA ', 'Ana\u00a0Maria', '\uff21na Maria']
  for (const by of spellings) {
    expect(await operate(on, id, 'promote', { by })).toMatchObject({ accepted: false })
    await on.client.workflow.getHandle(id).signal('promote', { by, reason: 'mine' })
  }
  const words = async () => (await entriesOf(on, id, 'operator_action')).map(({ body }) => body)
  await eventually('ten refusals', async () => (await words()).length === 2 * spellings.length)
  for (const { accepted, message } of await words()) {
    expect(accepted).toBe(false)
    expect(message).toContain('started this release; the policy requires the approval of another person')
  }
  await on.env.sleep('2 days')
  expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', awaitingApproval: true })
  expect(await approvals(id)).toEqual(['asked'])
  expect((await on.registry.aliases.current('toy')).production).toBe(production)
  // Another name is another person, by signal too.
  await on.client.workflow.getHandle(id).signal('promote', { by: 'Ana Marie', reason: 'read the report' })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect(await approvals(id)).toEqual(['asked', 'given'])
})

describe('while an approval is awaited', () => {
  it('a breach rolls back', async () => {
    const id = await asks('breach')
    const at = (await looksOf(on, id)).at(-1)?.judgement.numbers.asOf ?? ''
    const body = { signal: 'latency', arm: 'canary', value: 2, threshold: 1, power: 'rollback' } as const
    const later = new Date(Date.parse(at) + 3_600_000).toISOString()
    const entry = { project: 'toy', subject: id, key: `${id}:breach`, body: { ...body, at: later } }
    await on.registry.ledger.append({ ...entry, kind: 'breach' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:latency' })
    await unmoved(id)
  })

  it('the deadline holds it: silence never promotes', async () => {
    const id = await asks('silence', { policy: { ...policy, deadline: '4d', maxExtensions: 0 } })
    // Asked for at the last moment: seven days to answer from there, as long as the policy extends.
    expect((await stateOf(on, id)).deadline).toBe('2001-01-31T00:00:00.000Z')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:approval_missing' })
    await unmoved(id)
  })

  it('an approval lapses if the last look no longer permits promotion, and nothing moves', async () => {
    const options = { parameters: { feed: true }, cutoff: '2001-01-27T00:00:00.000Z' }
    const wide = { ...policy, judge: { ...policy.judge, harmMargin: 0.3 } }
    const id = await asks('lapses', { ...options, policy: wide })
    await eventuallyAfterDays(on, 'a look that permits nothing', async () => {
      const newest = (await looksOf(on, id)).at(-1)
      return newest?.judgement.action === 'continue'
    })
    expect(await operate(on, id, 'promote', { by: 'bo' })).toMatchObject({ accepted: true })
    await eventually('the approval to lapse', async () => (await approvals(id)).includes('lapsed'))
    // The approval is used up, whatever happens next.
    const seen = (await looksOf(on, id)).length
    await eventuallyAfterDays(on, 'another look', async () => (await looksOf(on, id)).length > seen)
    expect(await approvals(id)).toEqual(['asked', 'lapsed'])
    expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', awaitingApproval: false })
    await operate(on, id, 'abort')
    await resultOf(on, id)
    await unmoved(id)
  })

  it('a promotion that is accepted while a lapsed approval is recorded is not lost', async () => {
    const options = { parameters: { feed: true }, cutoff: '2001-01-27T00:00:00.000Z' }
    const judge = { ...policy.judge, harmMargin: 0.3 }
    const id = await asks('meanwhile', { ...options, policy: { ...policy, judge, manualPromote: 'shorten_window' } })
    await eventuallyAfterDays(on, 'a look that permits nothing', async () => {
      const newest = (await looksOf(on, id)).at(-1)
      return newest?.judgement.action === 'continue'
    })
    let second: unknown
    meanwhile.once('recordApproval', async () => {
      second = await operate(on, id, 'promote', { by: 'cy', reason: 'black friday' })
    })
    await operate(on, id, 'promote', { by: 'bo' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'override:black friday' })
    expect(second).toMatchObject({ accepted: true })
    expect(await approvals(id)).toEqual(['asked', 'lapsed'])
  })
})

it('a promotion by hand before that is an override, by another person too, and is shown as one', async () => {
  const undecidable = { ...toyPolicy.judge, minMature: 1_000_000 }
  const id = await on.start('override', {
    policy: { ...policy, manualPromote: 'shorten_window', judge: undecidable },
  })
  await exposed(on, id)
  await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)
  expect(await operate(on, id, 'promote', { by: 'Test' })).toMatchObject({ accepted: false })
  expect(await operate(on, id, 'promote', { by: 'bo', reason: 'black friday' })).toMatchObject({ accepted: true })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'override:black friday' })
  expect(await approvals(id)).toEqual([])
  const shown = await slipway(['release', 'show', id], on.environment)
  expect(shown.stdout).toContain('OVERRIDE: bo promoted it before its window was over: black friday')
})

it('a promotion by hand at an early step is an override, although a look would have permitted it', async () => {
  const steps = [
    { weight: 5_000, atLeast: '1d' },
    { weight: 6_000, atLeast: '10d' },
  ]
  const id = await on.start('early', { policy: { ...toyPolicy, steps } })
  await exposed(on, id)
  await eventuallyAfterDays(on, 'a look that permits it', async () =>
    (await looksOf(on, id)).some(({ judgement }) => judgement.action === 'promote'),
  )
  await operate(on, id, 'promote', { by: 'bo', reason: 'black friday' })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'override:black friday' })
})

it('a canary that stays paused past its deadline is extended as any other, and then held', async () => {
  const id = await on.start('forgotten', { policy: { ...toyPolicy, deadline: '3d', extendBy: '2d' } })
  await exposed(on, id)
  await operate(on, id, 'pause', { by: 'ana', reason: 'storm' })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:paused' })
  await unmoved(id)
  // Three days and two more, from the first whole day.
  expect((await looksOf(on, id)).length).toBeGreaterThanOrEqual(5)
})
