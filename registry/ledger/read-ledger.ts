import { sql } from 'kysely'
import { type EntryKind, lookKeyStart } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntryOf } from './entry-hash.js'
import type { LedgerArea } from './ledger-area.js'

const ISO_LENGTH = '2026-11-25T00:00:00.000Z'.length

export function createLedgerReader(db: Database): Pick<LedgerArea, 'entries' | 'newestLook' | 'hasKey'> {
  return {
    async entries<Kind extends EntryKind>(
      project: string,
      { kind, subject }: { kind?: Kind | readonly Kind[]; subject?: string } = {},
    ) {
      let query = db.selectFrom('chain_entries').select(ENTRY_COLUMNS).where('project', '=', project)
      const kinds = typeof kind === 'string' ? [kind] : kind
      if (kinds !== undefined) query = query.where('kind', 'in', kinds)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      return (await query.orderBy('seq').execute()).map((row) => toEntryOf(row, kinds))
    },
    async newestLook({ project, workflowId, phase, until }) {
      // The key of a look contains its instant, so that only one of the bodies, which are large, is read.
      const beginning = lookKeyStart(workflowId, phase)
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
      return row ? toEntryOf(row, ['judgement']) : null
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
