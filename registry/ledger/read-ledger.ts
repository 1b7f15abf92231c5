import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntry } from './entry-hash.js'
import type { LedgerArea } from './ledger-area.js'

const ISO_LENGTH = '2026-11-25T00:00:00.000Z'.length

export function createLedgerReader(db: Database): Pick<LedgerArea, 'entries' | 'newestLook' | 'hasKey'> {
  return {
    async entries(project, { kind, subject } = {}) {
      let query = db.selectFrom('chain_entries').select(ENTRY_COLUMNS).where('project', '=', project)
      if (kind !== undefined) query = query.where('kind', 'in', typeof kind === 'string' ? [kind] : kind)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      return (await query.orderBy('seq').execute()).map(toEntry)
    },
    async newestLook({ project, workflowId, phase, until }) {
      // A look's key names its instant, so that of all the bodies, which are large, only one is read.
      const beginning = `${workflowId}:${phase}:look:`
      const instant = sql<string>`substr(key, ${beginning.length + 1}::int, ${ISO_LENGTH}::int) collate "C"`
      const last =
        until === undefined ? sql<boolean>`true` : sql<boolean>`${instant} <= ${new Date(until).toISOString()}`
      const row = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('project', '=', project)
        .where('kind', '=', 'judgement')
        .where('subject', '=', workflowId)
        .where(sql<boolean>`starts_with(key, ${beginning})`)
        .where(last)
        .orderBy(instant, 'desc')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? toEntry(row) : null
    },
    async hasKey(project, beginning) {
      const row = await db
        .selectFrom('chain_entries')
        .select('seq')
        .where('project', '=', project)
        .where(sql<boolean>`starts_with(key, ${beginning})`)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
