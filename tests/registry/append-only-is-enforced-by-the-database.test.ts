import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendAnything } from '../support/append-anything.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const TABLES = ['chain_entries', 'chain_heads', 'decisions', 'outcomes'] as const
/** SQLSTATE: no privilege, and refused by a trigger. */
const [NO_PRIVILEGE, REFUSED] = ['42501', '23001']

let test: TestRegistry
let before: unknown

const everything = async () => {
  const rows: unknown[] = []
  for (const table of TABLES) rows.push((await test.owner.query(`select * from ${table} order by 1, 2`)).rows)
  return rows
}

beforeAll(async () => {
  test = await testRegistry()
  const { registry } = test
  for (const key of ['a', 'b', 'c']) {
    await appendAnything(registry, { project: 'toy', kind: 'trigger', subject: 'release/toy/1', key, body: { key } })
  }
  const decision = { decisionId: 'd1', workflowId: 'release/toy/1', releaseId: 'toy_v1', arm: 'canary' } as const
  await registry.evidence.recordDecisions('toy', [
    { ...decision, entityHash: 'e', eventAt: 0, output: {}, action: 'warn' },
  ])
  await registry.evidence.recordOutcomes('toy', [{ decisionId: 'd1', version: 1, label: 1, loss: 5, observedAt: 1 }])
  before = await everything()
})
afterAll(() => test?.stop())

const CHANGES = TABLES.flatMap((table) => [
  `update ${table} set project = 'other'`,
  `update ${table} set project = project`,
  `delete from ${table}`,
  `truncate ${table}`,
  `merge into ${table} t using ${table} s on t.project = s.project when matched then delete`,
])

const FORGED_HEADS = [
  `insert into chain_heads values ('new', 9, 'forged')`,
  `insert into chain_heads values ('toy', 9, 'forged') on conflict (project) do update set seq = 9`,
]

const DISABLED_PROTECTIONS = TABLES.flatMap((table) => [
  `alter table ${table} disable trigger all`,
  `alter table ${table} owner to slipway_app`,
  `drop table ${table} cascade`,
  `drop trigger ${table === 'chain_heads' ? 'chain_heads_stays' : `${table}_append_only`} on ${table}`,
])

const OTHER_ATTACKS = [
  'set session_replication_role = replica',
  'create or replace function slipway_refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
  'drop function slipway_refuse_change() cascade',
  'alter role slipway_app superuser',
]

describe('as the runtime role of the registry', () => {
  it('the registry uses that role', async () => {
    expect(await test.registry.status()).toMatchObject({ roles: true, user: 'slipway_app' })
  })

  it.each([...CHANGES, ...FORGED_HEADS, ...DISABLED_PROTECTIONS, ...OTHER_ATTACKS])('%s', async (statement) => {
    await expect(test.app.query(statement)).rejects.toMatchObject({ code: NO_PRIVILEGE })
    expect(await everything()).toEqual(before)
  })

  it('a head cannot be moved through an own table and trigger', async () => {
    await test.app.query('create temp table mine (project text, seq bigint, hash text, prev_hash text)')
    const trigger = 'create trigger forge after insert on mine for each row execute function slipway_advance_head()'
    const forge = async () => {
      await test.app.query(trigger)
      await test.app.query(`insert into mine values ('new', 1, 'forged', null)`)
    }
    await expect(forge()).rejects.toMatchObject({ code: NO_PRIVILEGE })
    expect(await everything()).toEqual(before)
  })
})

describe('as the owner of the tables', () => {
  it.each([...CHANGES, ...FORGED_HEADS])('%s', async (statement) => {
    await expect(test.owner.query(statement)).rejects.toMatchObject({ code: REFUSED })
    expect(await everything()).toEqual(before)
  })

  it('an entry that does not follow the newest one is refused', async () => {
    const forked = `insert into chain_entries (project, seq, kind, subject, key, body, at, prev_hash, hash)
      select project, $1, kind, subject, 'fork', body, at, $2, 'forged' from chain_entries where seq = 3`
    await expect(test.owner.query(forked, [4, 'not the newest'])).rejects.toMatchObject({ code: REFUSED })
    await expect(test.owner.query(forked, [5, 'gap'])).rejects.toMatchObject({ code: REFUSED })
    expect(await everything()).toEqual(before)
  })
})
