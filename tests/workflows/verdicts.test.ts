import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VerdictName } from '../../contracts/names.js'
import { attributesOf, entriesOf, movesOf, operate, reaches, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

/** Runs a release to its end; what every verdict leaves behind is checked here. */
async function endsAs(verdict: VerdictName, trigger: string, options: Parameters<Harness['start']>[1] = {}) {
  const before = await on.registry.aliases.current('toy')
  const id = await on.start(trigger, options)
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict, project: 'toy' })
  const recorded = await entriesOf(on, id, 'verdict')
  expect(recorded.map(({ body }) => body)).toEqual([
    {
      schema: 'slipway.verdict/1',
      project: 'toy',
      workflowId: id,
      releaseId: result.releaseId,
      verdict,
      reason: result.reason,
      detail: result.detail,
    },
  ])
  expect(await attributesOf(on, id)).toEqual({
    ReleaseProject: 'toy',
    ReleaseTrigger: 'cli',
    ReleaseStage: 'done',
    ReleaseVerdict: verdict,
    ...(result.releaseId === null ? {} : { ReleaseId: result.releaseId }),
  })
  const after = await on.registry.aliases.current('toy')
  expect(after.canary).toBeNull()
  expect(after.production).toBe(verdict === 'promoted' ? result.releaseId : before.production)
  expect((await on.registry.ledger.verify()).problems).toEqual([])
  return { id, result, before: before.production, moves: await movesOf(on, id) }
}

describe('a release ends with a recorded verdict, as', () => {
  it('held when its data is bad, naming the source, before anything is trained', async () => {
    const { id, result, moves } = await endsAs('held', 'bad-data', { source: 'no-such-place.csv' })
    expect(result).toMatchObject({ reason: 'hold:schema_valid', releaseId: null })
    expect(result.detail).toContain('no-such-place.csv')
    expect(await entriesOf(on, id, 'training_run')).toEqual([])
    expect(moves).toEqual([])
  })

  it('failed when the trainer fails in every attempt, with the end of its output', async () => {
    const { result, moves } = await endsAs('failed', 'crash', { parameters: { crash: true } })
    expect(result).toMatchObject({ reason: 'trainer_failed', releaseId: null })
    expect(result.detail).toContain('the toy trainer was told to crash')
    expect(moves).toEqual([])
  })

  it('held when it does not beat production, without a canary', async () => {
    const { result, moves } = await endsAs('held', 'useless', { parameters: { useless: true } })
    expect(result.reason).toBe('hold:cost_improves')
    expect(result.detail).toMatch(/^cost_improves: cost \d\.\d+ against \d\.\d+$/)
    expect(moves).toEqual([])
  })

  it('held when the lane is taken and the policy says reject', async () => {
    const holder = await on.start('lane-holder')
    await reaches(on, holder, 'canary')
    const policy = { ...toyPolicy, onCanaryBusy: 'reject' as const }
    const rejected = await resultOf(on, await on.start('lane-rejected', { policy, cutoff: '2001-01-21T00:00:00.000Z' }))
    expect(rejected).toMatchObject({ verdict: 'held', reason: 'hold:canary_busy' })
    expect(rejected.detail).toContain(holder)
    await operate(on, holder, 'abort')
    expect(await resultOf(on, holder)).toMatchObject({ verdict: 'aborted' })
  })

  it('rolled_back when it is better offline and worse live', async () => {
    const broken = { parameters: { feed: true }, cutoff: '2001-01-31T00:00:00.000Z' }
    const { id, result, before, moves } = await endsAs('rolled_back', 'broken-feed', broken)
    expect(result.reason).toBe('harm')
    const [offline] = await entriesOf(on, id, 'evaluation')
    expect(offline?.body).toMatchObject({ decision: 'canary_open', production: before })
    expect(moves).toEqual([`canary: null → ${result.releaseId}`, `canary: ${result.releaseId} → null`])
  })

  it('reverted when the harm shows in probation only', async () => {
    const { result, before, moves } = await endsAs('reverted', 'late-harm', {
      parameters: { feed: true },
      cutoff: '2001-01-28T00:00:00.000Z',
      policy: { ...toyPolicy, probation: { holdback: 4_000, lasts: '10d' } },
    })
    expect(result.reason).toBe('harm')
    const { releaseId } = result
    expect(moves).toEqual([
      `canary: null → ${releaseId}`,
      `production: ${before} → ${releaseId}`,
      `canary: ${releaseId} → null`,
      `production: ${releaseId} → ${before}`,
    ])
  })

  it('promoted when its matured labels show that it is no worse', async () => {
    const { result, before, moves } = await endsAs('promoted', 'good')
    expect(result.reason).toBe('non_inferior')
    const { releaseId } = result
    expect(releaseId).not.toBe(before)
    expect(moves).toEqual([
      `canary: null → ${releaseId}`,
      `production: ${before} → ${releaseId}`,
      `canary: ${releaseId} → null`,
    ])
  })
})
