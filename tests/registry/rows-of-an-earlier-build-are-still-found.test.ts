import { Migrator, sql } from 'kysely'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { connect, type Database } from '../../registry/database/connect.js'
import { migrations } from '../../registry/database/migrations/all-migrations.js'
import { openRegistry, webhookName } from '../../registry/index.js'
import { ownServer } from '../support/database.js'

const AT = Date.UTC(2026, 1, 2)

async function migrateTo(db: Database, last: string): Promise<void> {
  const provider = { getMigrations: async () => migrations }
  const { error } = await new Migrator({ db, provider }).migrateTo(last)
  if (error) throw error
}

const decision = (id: string) => ({
  project: 'toy',
  id,
  workflow: 'w',
  release: 'toy_v1',
  arm: 'canary',
  source: 'replay',
  entity: 'e',
  action: 'warn',
  at: new Date(AT).toISOString(),
  output: {},
  stale: false,
  fresh: false,
})
const label = (id: string, version: number, loss: number) => ({
  id,
  version,
  loss,
  label: 1,
  at: new Date(AT + version).toISOString(),
})

it('decisions and labels that a build before the lookups wrote are counted, corrected and not written twice', async () => {
  const database = await ownServer()
  const old = connect(database.url, { role: null, size: 1 })
  try {
    await migrateTo(old, '0005-deliveries')
    const log = async () => {
      await sql`select slipway_log_decisions(${JSON.stringify([decision('a'), decision('b')])}::json)`.execute(old)
      const labels = JSON.stringify([label('a', 1, 3), label('b', 1, 5)])
      const { rows } = await sql<{ n: number }>`select slipway_log_outcomes('toy', ${labels}::json) as n`.execute(old)
      return rows[0]?.n
    }
    expect(await log()).toBe(2)
    const early = { decisionId: 'c', label: { x: 1, y: 2 }, observedAt: AT }
    await sql`insert into early_labels values ('toy', 'c', '{"y": 2, "x": 1}', ${new Date(AT)}, current_date)`.execute(
      old,
    )
    const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder: '/nowhere' })
    try {
      const look = { project: 'toy', workflowId: 'w', asOf: AT + DAY_MS * 9, labelHorizonMs: DAY_MS }
      const cohort = { exposed: 2, labelled: 2, lossSum: 8 }
      expect(await registry.evidence.cohorts(look)).toMatchObject([cohort])
      expect(await log()).toBe(0)
      await registry.labels.setAside('toy', [early, { ...early, label: { x: 2, y: 1 } }])
      expect(await registry.labels.newestEarly('toy', { before: null, most: 9 })).toMatchObject({ counted: 2 })
      const correction = { decisionId: 'b', label: 1, loss: 6, observedAt: AT + 2 }
      expect(await registry.labels.add('toy', [correction])).toEqual(['correction'])
      expect(await registry.evidence.cohorts(look)).toMatchObject([{ ...cohort, lossSum: 9 }])
      expect(await registry.labels.outcomesOf('toy', 'b')).toMatchObject([{ version: 1 }, { version: 2 }])
      expect(await registry.labels.correctedRuns(null)).toEqual([{ project: 'toy', workflowId: 'w' }])
    } finally {
      await registry.close()
    }
  } finally {
    await old.destroy()
    await database.stop()
  }
})

it('a webhook that an earlier build named by its address keeps its place, and its token is in no row', async () => {
  const database = await ownServer()
  const old = connect(database.url, { role: null, size: 1 })
  const address = 'https://Hooks.example.com:443/T0KEN?x=1'
  try {
    await migrateTo(old, '0011-segments')
    const earlier = `webhook ${address}`
    for (const receiver of [earlier, 'terminal 1 2']) {
      await sql`insert into deliveries values (${receiver}, 'start', now()), (${receiver}, 'toy/4', now())`.execute(old)
      await sql`insert into notice_cursors values (${receiver}, 'toy', 4)`.execute(old)
    }
    const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder: '/nowhere' })
    try {
      expect([...(await registry.notices.delivered(webhookName(address), ['start', 'toy/4', 'toy/5']))].sort()).toEqual(
        ['start', 'toy/4'],
      )
      expect([...(await registry.notices.delivered('terminal 1 2', ['toy/4']))]).toEqual(['toy/4'])
    } finally {
      await registry.close()
    }
    const { rows } = await sql<{ row: string }>`
      select d::text as row from deliveries d union all select c::text from notice_cursors c`.execute(old)
    const all = rows.map(({ row }) => row).join(' ')
    expect(all).toContain(`("${webhookName(address)}",toy,4)`)
    expect(all).not.toContain('T0KEN')
    // It is append-only again.
    await expect(sql`update deliveries set notice = 'x'`.execute(old)).rejects.toThrow('is append-only')
  } finally {
    await old.destroy()
    await database.stop()
  }
})
