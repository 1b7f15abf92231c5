import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { OperatorNote } from '../../contracts/messages.js'
import type { OperatorActionName } from '../../contracts/names.js'
import { slipway } from '../support/slipway.js'
import {
  detailsOf,
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
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

/** Cannot be decided by itself within the test: too much is asked of it. */
const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

async function inCanary(trigger: string, policy = undecidable): Promise<string> {
  const id = await on.start(trigger, { policy })
  await exposed(on, id)
  return id
}

/** Ends it, so that the lane is free for the next test. */
async function abort(id: string): Promise<void> {
  await operate(on, id, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
}

const recorded = async (id: string) =>
  (await entriesOf(on, id, 'operator_action')).map(({ body }) => `${body.action} ${body.accepted}`)

const signal = (id: string, name: OperatorActionName, note?: Partial<OperatorNote>) =>
  on.client.workflow.getHandle(id).signal(name, ...(note ? [note] : []))

describe('operators in a canary', () => {
  it('pause, resume and extend by update, each answered with what happened', async () => {
    const id = await inCanary('by-update')
    const { deadline } = await stateOf(on, id)
    expect(await operate(on, id, 'resume')).toEqual({ accepted: false, message: 'it is not paused' })
    expect(await operate(on, id, 'pause')).toMatchObject({ accepted: true })
    expect(await stateOf(on, id)).toMatchObject({ paused: true, stage: 'canary' })
    expect(await operate(on, id, 'pause')).toEqual({ accepted: false, message: 'it is paused already' })
    expect(await operate(on, id, 'resume')).toEqual({ accepted: true, message: 'resumed' })
    expect(await stateOf(on, id)).toMatchObject({ paused: false })
    expect(await operate(on, id, 'extend')).toEqual({ accepted: true, message: 'deadline extended by 7d' })
    const later = await eventually('a later deadline', async () => {
      const state = await stateOf(on, id)
      return state.deadline !== deadline && state
    })
    expect(Date.parse(later.deadline ?? '') - Date.parse(deadline ?? '')).toBe(7 * DAY_MS)
    expect(await operate(on, id, 'extend')).toMatchObject({
      accepted: false,
      message: 'all 1 extensions of the policy are used',
    })
    expect(await detailsOf(on, id)).toContain('An operator can: promote, abort, pause, resume.')
    expect(await recorded(id)).toEqual([
      'resume false',
      'pause true',
      'pause false',
      'resume true',
      'extend true',
      'extend false',
    ])
    await abort(id)
  })

  it('steer by signals; one without a name or reason is recorded as such', async () => {
    const id = await inCanary('by-signal')
    await signal(id, 'pause', { by: 'ana', reason: 'storm' })
    await signal(id, 'resume', { by: 'ana', reason: 'storm is over' })
    await signal(id, 'extend')
    await eventually('three actions recorded', async () => (await recorded(id)).length === 3)
    expect(await recorded(id)).toEqual(['pause true', 'resume true', 'extend true'])
    expect((await entriesOf(on, id, 'operator_action'))[2]?.body).toMatchObject({
      by: 'unnamed',
      reason: 'no reason given',
    })
    expect(await stateOf(on, id)).toMatchObject({ paused: false, extensions: 1 })
    await abort(id)
  })

  it('are refused when malformed, and nothing is recorded', async () => {
    const id = await inCanary('malformed')
    const causes = async (words: Parameters<typeof operate>[3], action = 'pause') =>
      operate(on, id, action as OperatorActionName, words).then(
        () => 'accepted',
        (error: Error) => String(error.cause),
      )
    expect(await causes({ by: ' ' })).toContain('by: must not be empty')
    expect(await causes({ reason: '' })).toContain('reason: must not be empty')
    expect(await causes({ id: '' })).toContain('id: must not be empty')
    expect(await causes({}, 'explode')).toContain('"explode" is none of promote, abort, pause, resume, extend')
    expect(await recorded(id)).toEqual([])
    await abort(id)
  })

  it('are recorded once for one id, however often it is sent', async () => {
    const id = await inCanary('same-id')
    const answers = await Promise.all([1, 2, 3].map(() => operate(on, id, 'extend', { id: 'from-the-pager' })))
    expect(new Set(answers.map(({ message }) => message))).toEqual(new Set(['deadline extended by 7d']))
    await signal(id, 'extend', { by: 'ana', reason: 'again', id: 'from-the-pager' })
    expect(await stateOf(on, id)).toMatchObject({ extensions: 1, actions: [{ id: 'from-the-pager' }] })
    expect(await recorded(id)).toEqual(['extend true'])
    await abort(id)
  })

  it('stop the steps of a paused canary, which continue after a resume', async () => {
    const id = await inCanary('paused', toyPolicy)
    await operate(on, id, 'pause')
    await eventuallyAfterDays(on, 'looks while paused', async () => (await looksOf(on, id)).length >= 3)
    expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', canaryStep: 0, paused: true })
    expect((await on.registry.aliases.current('toy')).production).not.toBe((await stateOf(on, id)).releaseId)
    await operate(on, id, 'resume')
    const { verdict, reason } = await resultOf(on, id)
    // The wider step began after the pause: days of the narrow one were not counted as wide.
    const steps = (await entriesOf(on, id, 'canary_step')).filter(({ body }) => body.phase === 'canary')
    expect(Number(steps[1]?.body.fromDay) - Number(steps[0]?.body.fromDay)).toBeGreaterThanOrEqual(3 * DAY_MS)
    expect({ verdict, reason }).toEqual({ verdict: 'promoted', reason: 'non_inferior' })
  })
})

describe('promotion by hand', () => {
  it('is refused where the policy says never', async () => {
    const id = await inCanary('never', { ...undecidable, manualPromote: 'never' })
    expect(await operate(on, id, 'promote')).toEqual({
      accepted: false,
      message: 'the policy does not allow promotion by hand (manualPromote: never)',
    })
    expect(await recorded(id)).toEqual(['promote false'])
    await abort(id)
    expect(await movesOf(on, id)).toHaveLength(2)
  })

  it('shortens the window and is recorded as an override, by whom and why', async () => {
    const id = await inCanary('override')
    await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)
    expect(await operate(on, id, 'promote', { by: 'bo', reason: 'black friday' })).toMatchObject({ accepted: true })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'override:black friday' })
    const promoted = (await on.registry.aliases.history('toy')).find((move) => move.key === `${id}:promote`)
    expect(promoted).toMatchObject({ actor: 'bo', reason: 'override:black friday', workflowId: id })
    expect(promoted?.evidence).toMatch(/^sha256:/)
  })

  it('is cancelled by a pause that arrives before it', async () => {
    const id = await inCanary('called-off')
    // There was no look yet: the promotion waits for the first one.
    expect(await operate(on, id, 'promote')).toMatchObject({ accepted: true })
    expect(await operate(on, id, 'pause')).toMatchObject({ accepted: true })
    await eventuallyAfterDays(on, 'two looks', async () => (await looksOf(on, id)).length > 1)
    await operate(on, id, 'resume')
    const seen = (await looksOf(on, id)).length
    await eventuallyAfterDays(on, 'more looks', async () => (await looksOf(on, id)).length > seen)
    expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', paused: false })
    expect((await movesOf(on, id)).filter((move) => move.startsWith('production'))).toEqual([])
  })

  it('cannot pass a breach that rolls back', async () => {
    const id = await inCanary('breach')
    await breach(id, 'rollback', '2001-01-21T12:00:00.000Z')
    await operate(on, id, 'promote')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:latency' })
  })
})

const breach = (id: string, power: 'pause' | 'rollback', at: string) =>
  on.registry.ledger.append({
    project: 'toy',
    kind: 'breach',
    subject: id,
    key: `${id}:breach:${at}`,
    body: { signal: 'latency', arm: 'canary', value: 2, threshold: 1, power, at },
  })

it('a breach rolls back also while an operator action is awaited', async () => {
  const id = await inCanary('paused-by-breach')
  await breach(id, 'pause', '2001-01-21T12:00:00.000Z')
  await eventuallyAfterDays(on, 'paused by the breach', async () => (await stateOf(on, id)).paused)
  await breach(id, 'rollback', '2001-01-25T12:00:00.000Z')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:latency' })
})

it('the command line steers a release, and says clearly when it is finished', async () => {
  const id = await inCanary('by-command')
  const words = ['--by', 'ana', '--reason', 'storm']
  const paused = await slipway(['release', 'pause', id, ...words, '--json'], on.environment)
  expect(paused).toMatchObject({ code: 0 })
  expect(JSON.parse(paused.stdout)).toMatchObject({ workflowId: id, accepted: true })
  const again = await slipway(['release', 'pause', id, ...words], on.environment)
  expect(again).toMatchObject({ code: 1, stdout: 'refused: it is paused already\n' })
  // The possible actions depend on its stage.
  expect((await slipway(['release', 'list'], on.environment)).stdout).toMatch(/release\/toy\/by-command .*in progress:/)
  expect((await slipway(['release', 'show', id], on.environment)).stdout).toMatch(/\nin progress: canary\n$/)
  await abort(id)
  const late = await slipway(['release', 'promote', id, ...words], on.environment)
  expect(late.code).toBe(2)
  expect(late.stderr).toContain(`${id} is finished (aborted: operator_abort); promote changes nothing`)
  expect(await recorded(id)).toEqual(['pause true', 'pause false', 'abort true', 'promote false'])
  const unknown = await slipway(['release', 'abort', 'release/toy/nobody', ...words], on.environment)
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('no release or release run "release/toy/nobody"; see: slipway release list')
})
