/**
 * A gateway with another clock than this machine: split, coverage and metrics use the clock that the gateway splits by.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { ReleaseInput } from '../../contracts/types.js'
import { ask, candidate, DECISIONS, type Gateway, inputOf, openCanary, openWorld, type World } from './support.js'

const BEGAN = Date.parse('2001-03-10T00:00:00.000Z')
const WORKFLOW = 'release/toy/0.9'

let now = BEGAN + DAY_MS / 2
let world: World
let gateway: Gateway
const started: ReleaseInput[] = []
beforeAll(async () => {
  world = await openWorld()
  const clock = { eventStart: BEGAN, wallStart: BEGAN, speed: 1 }
  await openCanary(world, await candidate(world, 0.9), 100, inputOf(WORKFLOW, {}, clock))
  await world.registry.ledger.append({
    project: 'toy',
    kind: 'canary_step',
    subject: WORKFLOW,
    key: `${WORKFLOW}:canary:step:1`,
    body: { phase: 'canary', step: 1, weight: 1e4, fromDay: BEGAN + DAY_MS },
  })
  const startRelease = async (input: ReleaseInput) => {
    started.push(input)
    return { workflowId: `release/toy/${input.trigger.id}`, existed: false }
  }
  gateway = await world.gateway({ now: () => now, startRelease })
})
afterAll(() => world?.stop())

const split = async () =>
  (await gateway.get('/v1/projects/toy/aliases')).body.split as { basisPoints: number; workflowId: string }
const arms = async () =>
  new Set(
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => (await gateway.post(DECISIONS, ask(`entity-${n}`))).body.arm),
    ),
  )

it('the share it reports is the one it splits by, before the first day of a step and on it', async () => {
  expect(await split()).toMatchObject({ workflowId: WORKFLOW, basisPoints: 100 })
  now = BEGAN + DAY_MS
  expect(await split()).toMatchObject({ basisPoints: 10_000 })
  expect(await arms()).toEqual(new Set(['canary']))
})

it('coverage is as of its own event time', async () => {
  const { body } = await gateway.get('/v1/projects/toy/coverage')
  expect(body).toMatchObject({ workflowId: WORKFLOW, asOf: new Date(now).toISOString() })
})

it('the age of its aliases is measured by the clock they were confirmed by', async () => {
  const { text } = (await gateway.get('/metrics')).body as { text: string }
  const [, age] = /slipway_alias_age_seconds\{project="toy"\} (\S+)/.exec(text) ?? []
  expect(Number(age)).toBeLessThanOrEqual(DAY_MS / 1_000)
})

it('a release started through it has its cutoff and its start by that clock', async () => {
  const { status } = await gateway.post('/v1/projects/toy/releases', { id: 'load-1', reason: 'the load is in' })
  expect(status).toBe(201)
  const at = new Date(now).toISOString()
  expect(started).toMatchObject([{ trigger: { at, cutoff: at }, clock: { eventStart: now, wallStart: now, speed: 1 } }])
})
