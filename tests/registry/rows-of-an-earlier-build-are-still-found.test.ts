import { Migrator, sql } from 'kysely'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { connect, type Database } from '../../registry/database/connect.js'
import { migrations } from '../../registry/database/migrations/all-migrations.js'
import { openRegistry } from '../../registry/index.js'
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
    const registry = await openRegistry({ databaseUrl: database.url, artifactsFolder: '/nowhere' })
    try {
      const look = { project: 'toy', workflowId: 'w', asOf: AT + DAY_MS * 9, labelHorizonMs: DAY_MS }
      const cohort = { exposed: 2, labelled: 2, lossSum: 8 }
      expect(await registry.evidence.cohorts(look)).toMatchObject([cohort])
      expect(await log()).toBe(0)
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
