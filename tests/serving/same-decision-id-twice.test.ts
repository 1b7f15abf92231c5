import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  ask,
  candidate,
  DECISIONS,
  type Gateway,
  logged,
  openCanary,
  openWorld,
  type World,
  weighs,
} from './support.js'

let world: World
let gateways: [Gateway, Gateway]
beforeAll(async () => {
  world = await openWorld()
  gateways = [await world.gateway(), await world.gateway()]
})
afterAll(() => world?.stop())

it('is one decision with one answer, asked at once of two gateways', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      gateways[(index % 2) as 0 | 1].post(DECISIONS, ask('a', { decisionId: 'same' })),
    ),
  )
  expect([...new Set(answers.map(({ body }) => JSON.stringify(body)))]).toHaveLength(1)
  expect((await logged(world)).size).toBe(1)
})

it('keeps its first answer, although another release would answer differently by now', async () => {
  const first = await gateways[0].post(DECISIONS, ask('moved', { decisionId: 'before' }))
  const run = await candidate(world, 0.9)
  await openCanary(world, run, 9_000)
  await weighs(gateways[1], 9_000)
  const keys = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9', 'k10']
  const arms = await Promise.all(keys.map((key) => gateways[1].post(DECISIONS, ask(key))))
  expect(arms.map(({ body }) => body.arm)).toContain('canary')
  const again = await gateways[1].post(DECISIONS, ask('moved', { decisionId: 'before' }))
  expect(again.body).toEqual(first.body)
})

it('is refused for another input, and nothing changes', async () => {
  const before = await logged(world)
  const other = await gateways[0].post(DECISIONS, { entityKey: 'a', input: { x: 0, z: 1 }, decisionId: 'same' })
  expect(other).toMatchObject({
    status: 409,
    body: { reason: 'id_conflict', detail: expect.stringContaining('"same"') as string },
  })
  expect(await logged(world)).toEqual(before)
})

it('a request without an id that the proxy sends again, with the id that it added, is one decision', async () => {
  const headers = { 'idempotency-key': 'added-by-the-proxy' }
  const [first, again] = [
    await gateways[0].post(DECISIONS, ask('retried'), headers),
    await gateways[1].post(DECISIONS, ask('retried'), headers),
  ]
  expect(first).toMatchObject({ status: 200, body: { decisionId: 'added-by-the-proxy' } })
  expect(again.body).toEqual(first.body)
  // The caller's own id counts.
  const own = await gateways[0].post(DECISIONS, ask('retried', { decisionId: 'own' }), headers)
  expect(own.body.decisionId).toBe('own')
})
