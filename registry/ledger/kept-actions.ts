import { sql } from 'kysely'
import { KEPT_REQUEST } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntryOf } from './entry-hash.js'
import type { LedgerArea } from './ledger-area.js'

/** Reads the kept requests of these projects, by an index that has nothing else. */
export function createKeptActions(db: Database): Pick<LedgerArea, 'keptActions'> {
  return {
    async keptActions(projects) {
      if (projects.length === 0) return []
      const rows = await db
        .selectFrom('chain_entries as kept')
        .select(ENTRY_COLUMNS)
        .where('project', 'in', projects)
        .where('kind', '=', sql.lit('operator_action'))
        .where(sql<boolean>`strpos(key, ${sql.lit(KEPT_REQUEST)}) > 0`)
        // With an offset it is asked for each kept request; otherwise all actions could be read once to compare them.
        .where(
          sql<boolean>`not exists (
            select from chain_entries as later
            where later.project = kept.project and later.kind = 'verdict' and later.subject = kept.subject
            offset 0)`,
        )
        .where(
          sql<boolean>`not exists (
            select from chain_entries as later
            where later.project = kept.project and later.kind = 'operator_action'
              and later.key = kept.subject || ':action:' || (kept.body::jsonb ->> 'id')
            offset 0)`,
        )
        .orderBy('at')
        .execute()
      return rows.map((row) => toEntryOf(row, ['operator_action']))
    },
  }
}
