/**
 * A run takes any number of refused actions and breaches. Counts the rows that a page of the run, a trace and the
 * search for kept requests read of them, and of the days that have been closed: never milliseconds.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildLedger } from '../../bench/growth/build-ledger.js'
import { buildSignals } from '../../bench/growth/build-signals.js'
import { dayClosedKey, dayCoveredKey, ofKind } from '../../contracts/ledger/index.js'
import { createKeptActions } from '../../registry/ledger/kept-actions.js'
import { createLedgerReader } from '../../registry/ledger/read-ledger.js'
import { createRunReader } from '../../registry/runs/read-runs.js'
import { appendAnything } from '../support/append-anything.js'
import { toyPolicy } from '../toy-project/policy.js'
import { type CountedRegistry, countedRegistry } from './counted-reads.js'

const PROJECT = 'p0'
const RUN = `release/${PROJECT}/flooded`
const SHOWN = 5
const clock = { eventStart: 0, wallStart: 0, speed: 1 }
const accepted = { action: 'extend', by: 'ana', reason: 'few labels', accepted: true, message: 'extended' }

let test: CountedRegistry
beforeAll(async () => {
  test = await countedRegistry()
  await buildLedger(test.owner, { projects: 1, runs: 0, looks: 0, lookSize: 0 })
  const append = (kind: Parameters<typeof appendAnything>[1]['kind'], key: string, body: object) =>
    appendAnything(test.registry, { project: PROJECT, subject: RUN, kind, key: `${RUN}:${key}`, body })
  await append('trigger', 'trigger', { trigger: {}, policy: toyPolicy, clock })
  await append('operator_action', 'extended', { id: 'extended', ...accepted })
  await append('operator_action', 'requested:kept:abort', {
    ...accepted,
    id: 'abort',
    accepted: false,
    pending: 'kept',
  })
})
afterAll(() => test?.stop())

let stored = 0
async function flood(count: number): Promise<void> {
  await buildSignals(test.owner, RUN, count, stored)
  await test.owner.query(
    `select pg_temp.growth_append($1, kind, subject, subject || ':' || kind || ':' || n, '{"signal":"latency"}')
     from generate_series($2::int, $3::int) n, (values ('breach', $4), ('day_closed', 'decisions')) e (kind, subject)`,
    [PROJECT, stored + 1, stored + count, RUN],
  )
  stored += count
}

it('a page reads the newest of them, and every action that changed the run', async () => {
  const runs = createRunReader(test.db)
  const ledger = createLedgerReader(test.db)
  const page = () => runs.get(RUN, { newest: SHOWN })
  const facts = () => runs.get(RUN, { kinds: ['trigger', 'operator_action'], newest: 0 })
  const keys = [dayClosedKey('decisions', '2026-01-01'), dayCoveredKey('decisions', '2026-01-01')]
  const closing = () => ledger.entries(PROJECT, { kind: 'day_closed', subject: 'decisions', keys })
  const kept = () => createKeptActions(test.db).keptActions([PROJECT])
  const measure = async () => {
    await test.owner.query('set enable_seqscan = off')
    await test.owner.query('vacuum analyze')
    const reads = []
    for (const question of [page, facts, closing, kept]) reads.push((await test.readsIn(question)).rows)
    return reads
  }
  await flood(2 * SHOWN)
  const few = await measure()
  await flood(1_000)
  const many = await measure()
  expect(many.filter((rows, question) => rows > (few[question] ?? 0) + 2 * SHOWN)).toEqual([])

  const { entries, shortened } = await page()
  const ids = entries.filter(ofKind('operator_action')).map(({ body }) => body.id)
  expect(ids).toEqual(['extended', ...Array.from({ length: SHOWN }, (_, at) => String(stored - SHOWN + 1 + at))])
  expect(entries.filter(ofKind('breach'))).toHaveLength(SHOWN)
  expect(shortened).toEqual(['operator_action', 'breach'])
  expect((await facts()).entries.map(({ kind }) => kind)).toEqual(['trigger', 'operator_action'])
  expect((await runs.get(RUN)).entries).toHaveLength(3 + 2 * stored)
  expect((await kept()).map(({ body }) => body.id)).toEqual(['abort'])
})
