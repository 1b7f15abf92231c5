import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { Registry } from '../../registry/index.js'
import { ownServer } from '../support/database.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from './test-registry.js'

const AT = Date.UTC(2026, 1, 2)
const TABLES = ['decisions', 'outcomes', 'decision_days', 'run_days', 'evidence_epochs']

const look = { project: 'toy', workflowId: 'w', asOf: AT + 9 * DAY_MS, labelHorizonMs: DAY_MS }

async function write(registry: Registry, ids: readonly string[], loss: number): Promise<void> {
  const row = { workflowId: 'w', releaseId: 'toy_v1', arm: 'canary', entityHash: 'e', output: {}, action: 'x' } as const
  await registry.evidence.recordDecisions(
    'toy',
    ids.map((decisionId) => ({ ...row, decisionId, eventAt: AT })),
  )
  await registry.labels.add(
    'toy',
    ids.map((decisionId) => ({ decisionId, label: 1, loss, observedAt: AT + 1 })),
  )
}

const newestId = async ({ owner }: TestRegistry): Promise<number> =>
  Number((await owner.query('select pg_current_xact_id()::text as id')).rows[0].id)

/** As a restore does: rows with their transaction ids, and no trigger. */
async function restore(from: TestRegistry, to: TestRegistry): Promise<void> {
  await to.registry.retention.closeDays()
  for (const table of TABLES) {
    const { rows } = await from.owner.query(`select row_to_json(t)::text as line from ${table} t`)
    await changeWithoutTriggers(to.owner, `delete from ${table}`)
    const all = `[${rows.map(({ line }) => line).join(',')}]`
    await changeWithoutTriggers(
      to.owner,
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`,
      [all],
    )
  }
}

it('in a cluster with lower transaction ids an old look has its rows and no later ones, and a new look has all', async () => {
  const from = await testRegistry()
  const to = await testRegistry(await ownServer())
  try {
    const above = (await newestId(to)) + 2_000
    for (let id = await newestId(from); id < above; ) id = await newestId(from)
    await write(from.registry, ['a', 'b'], 3)
    const cut = await from.registry.evidence.databaseSnapshot()
    const judged = await from.registry.evidence.cohorts({ ...look, cut })
    await write(from.registry, ['unseen'], 100)
    expect(judged).toMatchObject([{ exposed: 2, lossSum: 6 }])

    await restore(from, to)
    const { evidence, labels } = to.registry
    const old = await to.owner.query('select written_xid::text as id from decisions')
    for (const { id } of old.rows) expect(Number(id)).toBeGreaterThan(await newestId(to))
    expect(await evidence.cohorts({ ...look, cut: await evidence.databaseSnapshot() })).toMatchObject([{ exposed: 3 }])

    await write(to.registry, ['c'], 5)
    await labels.add('toy', [{ decisionId: 'a', label: 1, loss: 4, observedAt: AT + 2 }])
    expect(await evidence.cohorts({ ...look, cut })).toEqual(judged)
    const now = await evidence.databaseSnapshot()
    expect(now).toMatch(/^2\//)
    const seen = await evidence.cohorts({ ...look, cut: now })
    expect(seen).toMatchObject([{ exposed: 4, labelled: 4, lossSum: 4 + 3 + 100 + 5 }])
    await write(to.registry, ['d'], 7)
    expect(await evidence.cohorts({ ...look, cut: now })).toEqual(seen)
    expect(await labels.corrections({ ...look, cut, knownBy: look.asOf })).toMatchObject([
      { corrected: 1, lossChange: 1 },
    ])
  } finally {
    await to.stop()
    await from.stop()
  }
})

it('a first writer on another cluster begins its number once, also when several start together', async () => {
  const test = await testRegistry()
  try {
    await changeWithoutTriggers(test.owner, `update evidence_epochs set system_identifier = '1'`)
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => write(test.registry, [id], 1)))
    const { rows } = await test.owner.query('select written_epoch, count(*)::int as n from outcomes group by 1')
    expect(rows).toEqual([{ written_epoch: 2, n: 4 }])
    expect((await test.owner.query('select epoch from evidence_epochs order by 1')).rows).toEqual([
      { epoch: 1 },
      { epoch: 2 },
    ])
  } finally {
    await test.stop()
  }
})
