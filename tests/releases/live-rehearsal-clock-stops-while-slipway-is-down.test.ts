/**
 * Compressed time on live traffic begins with the canary, and an hour of downtime does not count as months without
 * traffic.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveOnResumedClocks } from '../../cli/runtime/serve-on-resumed-clocks.js'
import { eventNow } from '../../contracts/clock.js'
import { DAY_MS } from '../../contracts/duration.js'
import { inputOfRun } from '../../registry/index.js'
import { resumeClocks } from '../../releases/resume-clocks.js'
import { openOutbox } from '../../traffic/outbox.js'
import {
  ask,
  candidate,
  DECISIONS,
  inputOf,
  openCanary,
  openWorld,
  until,
  type World,
  weighs,
} from '../serving/support.js'

const SPEED = 40_000
const CUTOFF = Date.parse('2001-01-20T00:00:00Z')
let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.stop())

const begin = (workflowId: string, wallStart: number, on = world) =>
  on.registry.ledger.append({
    project: 'toy',
    kind: 'clock',
    subject: workflowId,
    key: `${workflowId}:clock`,
    body: { eventStart: CUTOFF, wallStart, speed: SPEED },
  })

it('no decision belongs to the run before its clock begins; after downtime the clock resumes at the last decision', async () => {
  const { registry } = world
  const run = await candidate(world, 0.5)
  const { workflowId } = run
  const gateway = await world.gateway()
  // Started an hour ago: by the clock of its input, 1,600 days of event time would have passed.
  const wallStart = Date.now() - 3_600_000
  await openCanary(world, run, 5_000, inputOf(workflowId, {}, { eventStart: CUTOFF, wallStart, speed: SPEED }))
  expect((await registry.exposure.read('toy')).run).toBeNull()
  expect((await gateway.post(DECISIONS, ask('before', { decisionId: 'before' }))).body).toMatchObject({
    arm: 'production',
  })
  const opened = Date.now()
  await begin(workflowId, opened)
  await weighs(gateway, 5_000)
  await gateway.post(DECISIONS, ask('after', { decisionId: 'after' }))
  const decided = await registry.evidence.decisionsById('toy', ['before', 'after'])
  expect(new Map(decided.map((one) => [one.decisionId, one.workflowId]))).toEqual(
    new Map([
      ['before', ''],
      ['after', workflowId],
    ]),
  )
  const at = (await registry.evidence.latestLiveDecision('toy', workflowId))?.eventAt ?? Number.NaN
  expect(at).toBeGreaterThanOrEqual(CUTOFF)
  expect(at).toBeLessThan(CUTOFF + (Date.now() - opened + 1_000) * SPEED)

  // No gap: no clock is resumed.
  expect(await resumeClocks(registry, ['toy'], opened + (at - CUTOFF) / SPEED)).toEqual([])
  const later = Date.now() + 600_000
  expect(await resumeClocks(registry, ['toy'], later)).toEqual([workflowId])
  const { clock } = (await inputOfRun(registry, { project: 'toy', workflowId })) ?? {}
  expect(clock).toEqual({ eventStart: at, wallStart: later, speed: SPEED })
  expect(clock && eventNow(clock, later + 1_000)).toBe(at + 1_000 * SPEED)
  await until('the service to use the resumed clock', async () => {
    const { split } = (await gateway.get('/v1/projects/toy/aliases')).body as { split: { clock: unknown } | null }
    return JSON.stringify(split?.clock) === JSON.stringify(clock)
  })
  expect(await resumeClocks(registry, ['toy'], later)).toEqual([])
  expect(at % DAY_MS).not.toBe(0)
})

it('a decision right after the start is of no day in the future: clocks are resumed before the service starts', async () => {
  const restarted = await openWorld()
  try {
    const run = await candidate(restarted, 0.6)
    const { workflowId } = run
    const began = Date.now()
    // Ten minutes without Slipway: 277 days by the clock that was not resumed.
    const wallStart = began - 600_000
    await openCanary(restarted, run, 5_000, inputOf(workflowId))
    await begin(workflowId, wallStart, restarted)
    await serveOnResumedClocks(restarted.registry, ['toy'], async () => {
      const gateway = await restarted.gateway()
      await weighs(gateway, 5_000)
      await gateway.post(DECISIONS, ask('first', { decisionId: 'first' }))
    })
    const [first] = await restarted.registry.evidence.decisionsById('toy', ['first'])
    expect(first?.workflowId).toBe(workflowId)
    const passed = (Date.parse(first?.eventAt ?? '') - CUTOFF) / SPEED
    expect(passed).toBeGreaterThanOrEqual(0)
    expect(passed).toBeLessThanOrEqual(Date.now() - began)
  } finally {
    await restarted.stop()
  }
})

it('a restarted client still delivers the outcomes of its earlier decisions', async () => {
  const folder = mkdtempSync(join(world.folder, 'outbox-'))
  const first = openOutbox(folder, 'traffic/a')
  const owed = [1, 2, 3].map((label) => ({ decisionId: `d${label}`, label, knownAt: CUTOFF + label }))
  for (const one of owed) first.keep(one)
  await first.close()
  expect(await openOutbox(folder, 'traffic/a').kept()).toEqual(owed)
  expect(await openOutbox(folder, 'traffic/b').kept()).toEqual([])
})
