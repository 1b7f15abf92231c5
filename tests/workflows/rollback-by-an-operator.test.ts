/** `slipway rollback`: an earlier tuple, complete, at once; and what that means for releases in flight. */
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { createArtifactStore } from '../../registry/index.js'
import { rollBack } from '../../releases/roll-back.js'
import { holdEntries } from '../support/block-ledger-entries.js'
import { moveByHand, replacedProduction } from '../support/replace-production.js'
import { slipway } from '../support/slipway.js'
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

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
/** About 45 for most; whether signals and results share a workflow task depends on the machine. */
const MOST_EVENTS_OF_AN_EXPOSURE = 75
const longProbation = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }
const words = ['--by', 'ana', '--reason', 'storm']

const eventsOf = async (id: string) => ((await on.client.workflow.getHandle(id).fetchHistory()).events ?? []).length

const rollback = (args: readonly string[] = [], environment: Record<string, string> = {}) =>
  slipway(['rollback', 'toy', ...args, ...words, '--json'], { ...on.environment, ...environment })

async function inProbation(trigger: string): Promise<{ id: string; before: string; candidate: string }> {
  const before = (await on.registry.aliases.current('toy')).production ?? ''
  const id = await on.start(trigger, { policy: longProbation })
  await exposed(on, id)
  await on.env.sleep('10 days')
  const { releaseId } = await reaches(on, id, 'probation')
  return { id, before, candidate: releaseId ?? '' }
}

describe('a release in probation whose candidate was rolled back ends as reverted', () => {
  it('signalled by the command', async () => {
    const { id, before, candidate } = await inProbation('told')
    const began = performance.now()
    const done = await rollback()
    console.log(`slipway rollback, process and all: ${Math.round(performance.now() - began)} ms`)
    expect(done).toMatchObject({ code: 0, stderr: '' })
    const runs = [{ workflowId: id, told: true, why: null }]
    expect(JSON.parse(done.stdout)).toEqual({ project: 'toy', from: candidate, to: before, runs })
    // Signalled, it ends although its next look is half a day away.
    const state = await reaches(on, id, 'done', ({ verdict }) => verdict !== null)
    expect(state).toMatchObject({ verdict: 'reverted', reason: 'operator_rollback' })
    expect(state.waitingFor).toContain(`from ${candidate} to ${before}, by ana: storm`)
    const [move] = (await on.registry.aliases.history('toy')).slice(-1)
    expect(move).toMatchObject({ alias: 'production', from: candidate, to: before, actor: 'ana', reason: 'storm' })
    expect(move?.workflowId).toBe(id)
    const [word] = await entriesOf(on, id, 'operator_action')
    expect(word?.body).toMatchObject({ action: 'rollback', by: 'ana', reason: 'storm', accepted: true })
    expect((await on.registry.ledger.verify()).problems).toEqual([])
  })

  it('while Temporal is away: moved at once, names the release that got no signal, and the release notices by itself', async () => {
    const { id, before, candidate } = await inProbation('untold')
    const done = await rollback([], { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` })
    expect(done.code).toBe(0)
    expect(JSON.parse(done.stdout)).toMatchObject({
      from: candidate,
      to: before,
      runs: [{ workflowId: id, told: false, why: expect.stringContaining('no Temporal server answers') as string }],
    })
    expect((await on.registry.aliases.current('toy')).production).toBe(before)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_rollback' })
    expect(await movesOf(on, id)).toHaveLength(4)
  })
})

it('a release in its canary is evaluated and exposed again, and its earlier evidence does not count', async () => {
  const [before, after] = await replacedProduction(on, 'canary-anew')
  const id = await on.start('canary-anew', { policy: toyPolicy })
  const { releaseId: candidate } = await exposed(on, id)
  await eventuallyAfterDays(on, 'a look', async () => (await looksOf(on, id)).length > 0)
  const first = await looksOf(on, id)
  expect(JSON.parse((await rollback()).stdout)).toMatchObject({ from: after, to: before, runs: [{ told: true }] })

  await reaches(on, id, 'canary', ({ production }) => production === before)
  expect((await on.registry.lane.current('toy')).holder).toBe(id)
  const anew = await on.registry.exposure.read('toy')
  expect(anew).toMatchObject({ production: before, canary: candidate })
  for (const step of anew.run?.steps ?? []) expect(step).toMatchObject({ opening: 1, step: 0 })

  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect((await entriesOf(on, id, 'evaluation')).map(({ body }) => body.production)).toEqual([after, before])
  expect(await movesOf(on, id)).toEqual([
    `canary: null → ${candidate}`,
    `canary: ${candidate} → null`,
    `canary: null → ${candidate}`,
    `production: ${before} → ${candidate}`,
    `canary: ${candidate} → null`,
  ])
  const daysOf = (looks: typeof first) => looks.flatMap(({ cohorts }) => cohorts.map(({ day }) => day))
  const second = (await looksOf(on, id)).slice(first.length)
  expect(daysOf(first).length).toBeGreaterThan(0)
  expect(daysOf(second).length).toBeGreaterThan(0)
  // Three exposures: two canaries and the probation.
  expect(await eventsOf(id)).toBeLessThan(3 * MOST_EVENTS_OF_AN_EXPOSURE)
  expect(daysOf(second).filter((day) => daysOf(first).includes(day))).toEqual([])
  const steps = (await entriesOf(on, id, 'canary_step')).map(({ body }) => [body.phase, body.step, body.opening ?? 0])
  expect(steps.filter(([, step, opening]) => step === 0 && opening === 1)).toEqual([['canary', 0, 1]])
  expect((await on.registry.ledger.verify()).problems).toEqual([])
})

it('a release in training has no comparison yet: it gets no signal, and continues', async () => {
  const [before, after] = await replacedProduction(on, 'in-training')
  const id = await on.start('in-training', { parameters: { epochs: 600, epochMs: 100 } })
  await reaches(on, id, 'training')
  const artifacts = createArtifactStore(on.environment.SLIPWAY_ARTIFACTS ?? '')
  const done = await rollBack(
    { registry: on.registry, artifacts },
    { project: 'toy', by: 'a', reason: 'b', id: 'early' },
  )
  expect(done).toEqual({ project: 'toy', from: after, to: before, concerned: [] })
  expect(await entriesOf(on, id, 'operator_action')).toEqual([])
  expect(await stateOf(on, id)).toMatchObject({ stage: 'training', actions: [] })
  await operate(on, id, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
})

it('production moved by hand during an open canary is noticed at the next look, and a pause stays in force', async () => {
  const [before] = await replacedProduction(on, 'unannounced')
  const id = await on.start('unannounced', { policy: undecidable })
  await exposed(on, id)
  const note = { by: 'ana', reason: 'storm' }
  for (const word of ['extend', 'pause']) await on.client.workflow.getHandle(id).signal(word, note)
  await reaches(on, id, 'canary', ({ paused, extensions }) => paused && extensions === 1)
  await moveByHand(on, before)
  await eventuallyAfterDays(on, 'a canary anew', async () => (await entriesOf(on, id, 'evaluation')).length === 2)
  const again = await reaches(on, id, 'canary', ({ production }) => production === before)
  expect(again).toMatchObject({ paused: true, canaryStep: 0, extensions: 0 })
  const [, closed] = (await on.registry.aliases.history('toy')).filter(({ workflowId }) => workflowId === id)
  expect(closed?.reason).toMatch(/^production_changed: .* by bo: by hand/)
})

it('a release is held if production keeps changing during its canary, and production stays as it was moved', async () => {
  const [before, after] = await replacedProduction(on, 'again')
  const id = await on.start('again', { policy: undecidable })
  await exposed(on, id)
  const move = { project: 'toy', actor: 'bo', reason: 'by hand', workflowId: null, evidence: null }
  for (const [turn, to] of [before, after].entries()) {
    const expected = to === before ? after : before
    await reaches(on, id, 'canary', ({ production }) => production === expected)
    await on.registry.aliases.move({ ...move, alias: 'production', expected, to, key: `again-${turn}` })
    await on.client.workflow.getHandle(id).signal('productionMoved')
  }
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: 'hold:production_changed' })
  expect(await on.registry.aliases.current('toy')).toEqual({ production: after, canary: null })
  // Three canaries.
  expect(await eventsOf(id)).toBeLessThan(3 * MOST_EVENTS_OF_AN_EXPOSURE)
})

it('an abort that arrives while it is being held for that ends it as aborted', async () => {
  const [before, after] = await replacedProduction(on, 'abort-wins')
  const id = await on.start('abort-wins', { policy: undecidable })
  await exposed(on, id)
  const move = { project: 'toy', actor: 'bo', reason: 'by hand', workflowId: null, evidence: null }
  const handle = on.client.workflow.getHandle(id)
  const changeTo = async (to: string, expected: string) => {
    await reaches(on, id, 'canary', ({ production }) => production === expected)
    await on.registry.aliases.move({ ...move, alias: 'production', expected, to, key: `abort-wins-${to}` })
  }
  await changeTo(before, after)
  await handle.signal('productionMoved')
  await changeTo(after, before)
  const held = await holdEntries(on.environment, 'alias_move')
  try {
    await handle.signal('productionMoved')
    await eventually('its canary being closed', held.reached)
    await handle.signal('abort', { by: 'ana', reason: 'storm' })
    await reaches(on, id, 'canary', ({ actions }) => actions.at(-1)?.action === 'abort')
  } finally {
    await held.letGo()
  }
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect(await on.registry.aliases.current('toy')).toEqual({ production: after, canary: null })
})

describe('is refused, and moves nothing,', () => {
  it.each([
    ['of a project that is unknown', [], /project "parcels" is unknown; known: /, 'parcels'],
    [
      'when there is none before',
      [],
      /there is no earlier production release of toy to roll back to from toy_v1; name/,
      'toy',
    ],
    ['to what was never production', ['--to', 'toy_v9'], /--to toy_v9 was never production of toy; see: slip/, 'toy'],
    ['to what is production already', ['--to', 'toy_v1'], /--to toy_v1 is already production of toy; nothing/, 'toy'],
  ])('%s', async (_, args, message, project) => {
    const history = await on.registry.aliases.history('toy')
    const done = await slipway(['rollback', project, ...args, ...words], on.environment)
    expect(done.code).toBe(2)
    expect(done.stderr).toMatch(message)
    expect(await on.registry.aliases.history('toy')).toEqual(history)
  })

  it('when production was moved meanwhile', async () => {
    const [before, after] = await replacedProduction(on, 'faster')
    // Between the question what production is and the move.
    const artifacts = { verify: () => moveByHand(on, before) }
    const late = rollBack({ registry: on.registry, artifacts }, { project: 'toy', by: 'a', reason: 'b', id: 'late' })
    await expect(late).rejects.toMatchObject({ type: 'AliasMoved' })
    const moves = (await on.registry.aliases.history('toy')).filter(({ alias }) => alias === 'production').slice(-2)
    expect(moves.map(({ from, to, actor }) => [from, to, actor])).toEqual([
      [before, after, 'test'],
      [after, before, 'bo'],
    ])
  })

  it('when the model’s bytes are missing', async () => {
    const [before, after] = await replacedProduction(on, 'no-bytes')
    const { manifest } = await on.registry.releases.get(before)
    const artifacts = createArtifactStore(on.environment.SLIPWAY_ARTIFACTS ?? '')
    const bytes = await artifacts.get(manifest.model.artifact)
    rmSync(await artifacts.path(manifest.model.artifact))
    try {
      const lost = rollBack({ registry: on.registry, artifacts }, { project: 'toy', by: 'a', reason: 'b', id: 'lost' })
      await expect(lost).rejects.toMatchObject({ type: 'ArtifactMismatch' })
      expect((await on.registry.aliases.current('toy')).production).toBe(after)
    } finally {
      await artifacts.putBytes(bytes)
    }
    const began = performance.now()
    await rollBack({ registry: on.registry, artifacts }, { project: 'toy', by: 'a', reason: 'b', id: 'there' })
    console.log(`the server’s part of a rollback: ${Math.round(performance.now() - began)} ms`)
    expect((await on.registry.aliases.current('toy')).production).toBe(before)
  })
})
