/**
 * A lasting breach is stored again in each window, for weeks. Counts the rows that a look, a decision service and the
 * check of a condition read of them: never milliseconds.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { breachKey, lookKey } from '../../contracts/ledger/index.js'
import { createLedgerReader } from '../../registry/ledger/read-ledger.js'
import { readBreaches } from '../../releases/looks/open-breaches.js'
import { appendAnything } from '../support/append-anything.js'
import { canaryRequest } from '../support/canary-request.js'
import { toyPolicy } from '../toy-project/policy.js'
import { type CountedRegistry, countedRegistry } from './counted-reads.js'

const RUN = 'release/toy/lasting'
const OPENED = Date.parse('2001-01-20T00:00:00Z')
const LOOK = OPENED + DAY_MS
const request = canaryRequest(RUN, OPENED, { policy: toyPolicy, step: 1, looksAfter: LOOK, evidence: 'live' })
const iso = (instant: number) => new Date(instant).toISOString()

let test: CountedRegistry
beforeAll(async () => {
  test = await countedRegistry()
})
afterAll(() => test?.stop())

let stored = 0
/** @returns the place of the last one */
async function breach(times: number, { conditionToo = true } = {}): Promise<number> {
  for (let left = times; left > 0; left -= 1) {
    stored += 1
    const fired = { signal: 'latency', arm: 'canary', value: 9, threshold: 5, power: 'pause', at: iso(OPENED) } as const
    const body = { workflowId: RUN, phase: 'canary', ...fired }
    const key = breachKey(RUN, { ...fired, at: iso(OPENED + stored) })
    await appendAnything(test.registry, { project: 'toy', kind: 'breach', subject: RUN, key, body })
    if (!conditionToo) continue
    const firing = { subject: 'condition/toy/drift', key: `condition ${stored}`, body: {} }
    await appendAnything(test.registry, { project: 'toy', kind: 'condition', ...firing })
  }
  return (await test.registry.ledger.entries('toy', { kind: 'breach', newest: 1 }))[0]?.seq ?? 0
}

/** A look that had every breach up to there. */
async function looked(through: number): Promise<void> {
  const judgement = { action: 'pause', reason: 'breach:latency', numbers: { asOf: iso(LOOK) } }
  const body = { phase: 'canary', judgement, breachesThrough: through, breachesRead: through }
  const key = `${lookKey(RUN, 'canary', iso(LOOK), `sha256:${through}`)}:cut`
  await appendAnything(test.registry, { project: 'toy', kind: 'judgement', subject: RUN, key, body })
}

it('breaches that were stored before the last look and before the window are not read again', async () => {
  const { ledger } = test.registry
  const reader = { ...ledger, ...createLedgerReader(test.db) }
  const look = () => readBreaches({ ledger: reader }, request, { asOf: LOOK + DAY_MS, present: true })
  const measure = async () => {
    const since = await ledger.time()
    await breach(1)
    await test.owner.query('set enable_seqscan = off')
    await test.owner.query('vacuum analyze')
    const service = () => reader.entries('toy', { kind: 'breach', subject: RUN, since })
    const condition = () => reader.entries('toy', { kind: 'condition', since })
    const delayed = () => reader.newestBreach({ project: 'toy', workflowId: RUN, signal: 'latency', arm: 'canary' })
    expect((await delayed())?.key).toBe(breachKey(RUN, { signal: 'latency', arm: 'canary', at: iso(OPENED + stored) }))
    expect(await look()).toMatchObject({ open: [{ signal: 'latency' }] })
    expect(await service()).toHaveLength(1)
    const reads = []
    for (const question of [look, service, condition, delayed]) reads.push((await test.readsIn(question)).rows)
    return reads
  }
  await looked(await breach(3))
  const few = await measure()
  await looked(await breach(200))
  const many = await measure()
  expect(many.filter((rows, question) => rows > (few[question] ?? 0) + 20)).toEqual([])
})

it('the check of a condition reads no breach, however many were stored on its day', async () => {
  const { ledger } = test.registry
  const reader = createLedgerReader(test.db)
  const since = await ledger.time()
  const measure = async () => {
    await test.owner.query('set enable_seqscan = off')
    await test.owner.query('vacuum analyze')
    return (await test.readsIn(() => reader.entries('toy', { kind: 'condition', since }))).rows
  }
  await breach(1)
  const few = await measure()
  await breach(200, { conditionToo: false })
  expect(await measure()).toBeLessThan(few + 20)
})

it('a signal whose name begins like another one and its arm is not taken for it', async () => {
  const workflowId = 'release/toy/similar'
  for (const [signal, at] of [['late', iso(OPENED)] as const, ['late:canary', iso(LOOK)] as const]) {
    const fired = { signal, arm: 'canary', value: 9, threshold: 5, power: 'pause', at } as const
    const entry = { project: 'toy', kind: 'breach', subject: workflowId, key: breachKey(workflowId, fired) } as const
    await appendAnything(test.registry, { ...entry, body: { workflowId, phase: 'canary', ...fired } })
  }
  const newest = (signal: string) =>
    test.registry.ledger.newestBreach({ project: 'toy', workflowId, signal, arm: 'canary' })
  expect((await newest('late'))?.body.at).toBe(iso(OPENED))
  expect((await newest('late:canary'))?.body.at).toBe(iso(LOOK))
  expect(await newest('lat')).toBeNull()
})
