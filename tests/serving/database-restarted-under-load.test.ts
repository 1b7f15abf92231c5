import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Project } from '../../projects/project.js'
import { project as toy } from '../toy-project/index.js'
import { ask, DECISIONS, type Gateway, keepAsking, logged, OUTCOMES, openWorld, until, type World } from './support.js'

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld({ own: true })
  gateway = await world.gateway()
})
afterAll(() => world?.stop())

it('continues with the last known aliases, reports it, and every answered decision is in the log afterwards', async () => {
  const asking = keepAsking([gateway.url])
  await until('answers', () => asking.answered.length > 200)
  await world.database.stop()
  await until('readiness says that the registry is away', async () => {
    const { body, status } = await gateway.get('/readyz')
    return status === 200 && body.registry === 'away'
  })
  // Counted from here on: answers before this were given with aliases that were not stale yet.
  const whenStale = asking.answered.length
  await until('answers while it is away', () => asking.answered.length > whenStale + 200)
  // The same id again, while nothing can be asked: still the same answer, and still one decision.
  const first = await gateway.post(DECISIONS, ask('away', { decisionId: 'asked-while-away' }))
  const again = await gateway.post(DECISIONS, ask('away', { decisionId: 'asked-while-away' }))
  expect([first.status, again.status]).toEqual([200, 200])
  expect(again.body).toEqual(first.body)
  await world.database.start()
  await until('the registry is reachable again', async () => {
    const { body } = await gateway.get('/readyz')
    return body.registry === 'reachable' && gateway.service.log('toy').spooled === 0
  })
  const whenBack = asking.answered.length
  await until('answers afterwards', () => asking.answered.length > whenBack + 100)
  await asking.stop()
  expect(asking.failed).toEqual([])
  const rows = await logged(world)
  expect(asking.answered.filter(({ decisionId }) => !rows.has(decisionId))).toEqual([])
  expect(rows.size).toBe(asking.answered.length + 1)
  const stale = asking.answered.filter(({ decisionId }) => rows.get(decisionId)?.stale)
  expect(stale.length).toBeGreaterThan(100)
  expect(rows.get(asking.answered[0]?.decisionId ?? '')?.stale).toBe(false)
  expect(rows.get(asking.answered.at(-1)?.decisionId ?? '')?.stale).toBe(false)
})

it('while the database is away a process keeps its own spool, and refuses the same requests as before', async () => {
  const folder = join(world.folder, 'own-spool')
  const { inputSchema: _, ...anyInput } = toy
  const own = await world.gateway({ spoolFolder: folder, projects: new Map([['toy', anyInput as Project]]) })
  const unrecordable = { entityKey: 'a', input: { x: 1, z: 0, note: 'a NUL: \u0000' } }
  const before = await own.post(DECISIONS, unrecordable)
  await world.database.stop()
  expect((await own.post(DECISIONS, ask('a', { decisionId: 'own-spooled' }))).status).toBe(200)
  const refused = await own.post(DECISIONS, unrecordable)
  expect([before.status, refused.status]).toEqual([400, 400])
  expect(refused.body.detail).toBe(before.body.detail)
  expect(readdirSync(folder)).toHaveLength(1)
  const { body } = await own.get('/readyz')
  expect(body).toMatchObject({
    unreadSpools: [],
    projects: [{ unreadSpoolBytes: own.service.log('toy').spooled, refusedRows: 0 }],
  })
  await world.database.start()
  await until('it is written over', () => own.service.log('toy').spooled === 0)
  expect((await logged(world)).has('own-spooled')).toBe(true)
  expect(readdirSync(folder)).toEqual([])
})

it('a label that arrived before a decision that was spooled is joined once the decision is in the database', async () => {
  const early = { decisionId: 'labelled-early', label: 1, observedAt: new Date().toISOString() }
  expect((await gateway.post(OUTCOMES, [early])).body).toMatchObject({ unknown: 1 })
  await world.database.stop()
  expect((await gateway.post(DECISIONS, ask('a', { decisionId: 'labelled-early' }))).status).toBe(200)
  await world.database.start()
  await until('it is joined', async () => {
    const found = await world.registry.labels.outcomesOf('toy', 'labelled-early').catch(() => [])
    return found.length === 1
  })
})

it('decisions that do not fit are refused with Retry-After, never dropped', async () => {
  const small = await world.gateway({ limits: { queue: 4, batch: 1, lanes: 1 } })
  const asked = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      small.post(DECISIONS, ask(`k${index}`, { decisionId: `crowd-${index}` })),
    ),
  )
  const refused = asked.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]?.headers.get('retry-after')).toBe('1')
  expect(refused[0]?.headers.get('content-type')).toBe('application/problem+json')
  const rows = await logged(world)
  asked.forEach(({ status }, index) => {
    expect(status === 200).toBe(rows.has(`crowd-${index}`))
  })
})
