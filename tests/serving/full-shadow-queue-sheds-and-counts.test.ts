/**
 * The shadow has no claim on the time of the service: what it cannot take is dropped, counted, and never waited for.
 */
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { followsShadow, openShadow, shadowCounts, shadowRows, shadowTransactions, withCandidate } from './in-shadow.js'
import { ask, DECISIONS, openWorld, until, type World } from './support.js'

let world: World
afterEach(() => world?.stop())

it('a queue that is full: callers are answered at once, and the rest is counted as shed', async () => {
  world = await openWorld()
  await openShadow(world)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const score = async (inputs: readonly unknown[]) => {
    await released
    return inputs.map(() => ({ probability: 0.5 }))
  }
  const gateway = await world.gateway({ projects: withCandidate(score), shadowLimits: { busy: 1, queue: 2 } })
  await followsShadow(gateway)
  const ask10 = Array.from({ length: 10 }, (_, index) => gateway.post(DECISIONS, ask(`entity-${index}`)))
  expect((await Promise.all(ask10)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
  const shed = (await shadowCounts(gateway)).shed ?? 0
  // Two wait, and one may be with the candidate.
  expect(shed).toBeGreaterThanOrEqual(7)
  expect(shed).toBeLessThanOrEqual(8)
  const metrics = await gateway.get('/metrics')
  expect(metrics.body.text).toContain(`slipway_shadow_decisions_total{project="toy",result="shed"} ${shed}`)
  expect(metrics.body.text).toContain('slipway_shadow_queue_requests{project="toy"} 2')
  release()
  await until('the others are stored', async () => (await shadowRows(world)).length === 10 - shed)
  expect(await shadowCounts(gateway)).toMatchObject({ shed, scored: 10 - shed })
})

it('few large requests fill a queue as many small ones do, large and small are shed alike, and scored ones make room', async () => {
  world = await openWorld()
  await openShadow(world)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const score = async (inputs: readonly unknown[]) => {
    await released
    return inputs.map(() => ({ probability: 0.5 }))
  }
  const inputSchema = z.looseObject({ x: z.int(), z: z.int() })
  const projects = withCandidate(score, { inputSchema })
  const gateway = await world.gateway({ projects, shadowLimits: { busy: 1, size: 50_000 } })
  await followsShadow(gateway)
  const large = (entity: string) => {
    const { input, ...rest } = ask(entity)
    return { ...rest, input: { ...input, note: 'x'.repeat(30_000) } }
  }
  const shed = async () => (await shadowCounts(gateway)).shed ?? 0
  for (const [body, shedThen] of [
    [large('a'), 0],
    // Begins below the limit.
    [large('b'), 0],
    [large('c'), 1],
    [ask('d'), 2],
  ] as const) {
    expect((await gateway.post(DECISIONS, body)).status).toBe(200)
    expect(await shed()).toBe(shedThen)
  }
  const held = gateway.service.shadow('toy').size
  expect(held).toBeGreaterThan(60_000)
  expect(held).toBeLessThan(61_000)
  const metrics = await gateway.get('/metrics')
  expect(metrics.body.text).toContain(`slipway_shadow_queue_characters{project="toy"} ${held}`)
  release()
  await until('both are stored', async () => (await shadowRows(world)).length === 2)
  expect(gateway.service.shadow('toy').size).toBe(0)
  expect((await gateway.post(DECISIONS, ask('e'))).status).toBe(200)
  await until('there is room again', async () => (await shadowRows(world)).length === 3)
})

it('shadow decisions share their transactions, and a gateway that stops stores those that wait for others', async () => {
  world = await openWorld()
  await openShadow(world)
  const gateway = await world.gateway({ shadowLimits: { busy: 1, batch: 10, writeAfterMs: 600_000 } })
  await followsShadow(gateway)
  const askAll = async (keys: readonly string[]) => {
    for (const key of keys) expect((await gateway.post(DECISIONS, ask(key))).status).toBe(200)
  }
  await askAll(Array.from({ length: 25 }, (_, index) => `entity-${index}`))
  await until('two batches are stored', async () => (await shadowCounts(gateway)).scored === 20)
  expect(await shadowTransactions(world)).toBe(2)
  await until('the others are scored', () => gateway.service.shadow('toy').depth === 0)
  await gateway.close()
  expect(await shadowRows(world)).toHaveLength(25)
  expect(await shadowTransactions(world)).toBe(3)
})

it('a service that is busy: nothing is scored, and callers are answered', async () => {
  world = await openWorld()
  await openShadow(world)
  // No share of the time is small enough.
  const gateway = await world.gateway({ shadowLimits: { busy: -1, queue: 5 } })
  await followsShadow(gateway)
  for (let index = 0; index < 8; index += 1)
    expect((await gateway.post(DECISIONS, ask(`entity-${index}`))).status).toBe(200)
  expect(await shadowCounts(gateway)).toEqual({ shed: 3 })
  await gateway.close()
  expect(await shadowRows(world)).toEqual([])
  expect(await shadowCounts(gateway)).toEqual({ shed: 8 })
})

it('a database that is away: shadow decisions are shed, and do not fill the spool', async () => {
  world = await openWorld({ own: true })
  await openShadow(world)
  const gateway = await world.gateway({ shadowLimits: { busy: 1 } })
  await followsShadow(gateway)
  await world.database.stop()
  expect((await gateway.post(DECISIONS, ask('entity', { decisionId: 'spooled' }))).status).toBe(200)
  await until('it is shed', async () => (await shadowCounts(gateway)).shed === 1)
  await world.database.start()
  await until('the decision is in the database', () => gateway.service.log('toy').spooled === 0)
  expect(await shadowRows(world)).toEqual([])
})
