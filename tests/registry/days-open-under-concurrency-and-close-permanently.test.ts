import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelQueriesWith, openRegistry } from '../../registry/index.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

const rows = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    decisionId: `${prefix}-${index}`,
    workflowId: 'w',
    releaseId: 'toy_v1',
    arm: 'production' as const,
    entityHash: 'e',
    eventAt: 0,
    output: {},
    action: 'warn',
  }))

it('many concurrent writers can write on a day that has no partitions yet', async () => {
  const options = { databaseUrl: test.url, artifactsFolder: test.artifactsFolder, poolSize: 4 }
  const registries = await Promise.all([openRegistry(options), openRegistry(options)])
  try {
    const writes = registries.flatMap((registry, which) =>
      [0, 1, 2, 3].map((lane) => registry.evidence.recordDecisions('crowd', rows(`${which}-${lane}`, 5))),
    )
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 8 }, () => 5))
    // The same ids again, concurrently: none is written twice.
    const again = registries.flatMap((registry) =>
      [0, 1].map(() => registry.evidence.recordDecisions('crowd', rows('0-0', 5))),
    )
    expect(await Promise.all(again)).toEqual([0, 0, 0, 0])
  } finally {
    for (const registry of registries) await registry.close()
  }
})

it.each([
  ['day', `select slipway_open_day((clock_timestamp() at time zone 'UTC')::date + 1)`],
  ['month', `create table decisions_20310101 (); select slipway_open_month('2031-01-01')`],
])('opening a %s locks no partition of another one', async (_, open) => {
  const stored = `select inhrelid from pg_inherits join pg_class on pg_class.oid = inhrelid and relkind = 'r'`
  const { rows: before } = await test.owner.query<{ inhrelid: number }>(stored)
  expect(before.length).toBeGreaterThan(3)
  await test.owner.query(`begin; ${open}`)
  try {
    const { rows: after } = await test.owner.query<{ inhrelid: number }>(stored)
    expect(after.length).toBeGreaterThan(before.length)
    const { rows: locked } = await test.owner.query(
      `select relation::regclass::text, mode from pg_locks where pid = pg_backend_pid() and relation = any($1::oid[])`,
      [before.map(({ inhrelid }) => inhrelid)],
    )
    expect(locked).toEqual([])
  } finally {
    await test.owner.query('rollback')
  }
})

describe('a day that is over', () => {
  const closed = () => test.registry.ledger.entries('over', { kind: 'day_closed' })
  const ofYesterday = async (table: string) => {
    const { rows: found } = await test.owner.query<{ name: string }>(
      `select '${table}_' || to_char((clock_timestamp() at time zone 'UTC')::date - 1, 'YYYYMMDD') as name`,
    )
    return found[0]?.name ?? ''
  }

  beforeAll(async () => {
    const yesterday = `(clock_timestamp() at time zone 'UTC')::date - 1`
    await test.owner.query(`select slipway_open_day(${yesterday})`)
    const columns =
      'project, decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action, stale, written_day'
    for (const id of ['a', 'b', 'c'])
      await test.owner.query(
        `insert into decisions (${columns}) values ('over', $1, 'w', 'toy_v1', 'canary', 'live', 'e', now(), '{}', 'warn', false, ${yesterday})`,
        [id],
      )
  })

  it('is closed once, with count and digest, by several concurrent calls', async () => {
    await Promise.all([
      test.registry.retention.closeDays(),
      test.registry.retention.closeDays(),
      test.registry.retention.closeDays(),
    ])
    expect((await closed()).map(({ body }) => body)).toMatchObject([{ table: 'decisions', rows: 3, project: 'over' }])
    expect(await test.registry.ledger.verify()).toMatchObject({ days: 1, problems: [] })
  })

  it('is not read again to find out what is to be closed', async () => {
    await test.owner.query(`begin; lock table ${await ofYesterday('decisions')}, ${await ofYesterday('outcomes')}`)
    try {
      const closing = () => test.registry.retention.closeDays()
      expect(await cancelQueriesWith(AbortSignal.timeout(20_000), closing)).toEqual([])
    } finally {
      await test.owner.query('rollback')
    }
  })

  it('keeps its ids: they are not written again on another day', async () => {
    const [row] = rows('x', 1)
    expect(await test.registry.evidence.recordDecisions('over', [{ ...row, decisionId: 'a' } as never])).toBe(0)
  })

  it('reveals a row that was altered or removed with triggers disabled', async () => {
    const table = await ofYesterday('decisions')
    const problems = async () => (await test.registry.ledger.verify()).problems.map(({ what }) => what)
    await changeWithoutTriggers(test.owner, `update ${table} set action = 'none' where decision_id = 'b'`)
    expect(await problems()).toEqual([expect.stringMatching(/^decisions of .*3 rows with digest/)])
    await changeWithoutTriggers(test.owner, `update ${table} set action = 'warn' where decision_id = 'b'`)
    expect(await problems()).toEqual([])
    await changeWithoutTriggers(test.owner, `delete from ${table} where decision_id = 'c'`)
    expect(await problems()).toEqual([expect.stringMatching(/2 rows with digest .* but 3 with .* were recorded/)])
  })

  it('cannot be changed through its partitions, neither by the runtime role nor by the owner', async () => {
    const app = new pg.Client({ connectionString: test.url })
    await app.connect()
    await app.query('set role slipway_app')
    for (const parent of ['decisions', 'outcomes', 'early_labels']) {
      const table = await ofYesterday(parent)
      for (const change of [
        `update ${table} set project = project`,
        `delete from ${table}`,
        `truncate ${table}`,
        `drop table ${table}`,
      ])
        await expect(app.query(change)).rejects.toMatchObject({ code: '42501' })
      await expect(test.owner.query(`truncate ${table}`)).rejects.toMatchObject({ code: '23001' })
    }
    const table = await ofYesterday('decisions')
    await expect(test.owner.query(`delete from ${table}`)).rejects.toMatchObject({ code: '23001' })
    await expect(app.query(`select slipway_open_day('2031-01-01')`)).rejects.toMatchObject({ code: '22023' })
    await app.end()
  })
})
