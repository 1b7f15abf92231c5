import { sql } from 'kysely'
import { KEPT_REQUEST } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntryOf } from './entry-hash.js'
import type { LedgerArea } from './ledger-area.js'

/** Reads the index range of operator actions of these projects; bodies only of those that are found. */
export function createKeptActions(db: Database): Pick<LedgerArea, 'keptActions'> {
  return {
    async keptActions(projects) {
      if (projects.length === 0) return []
      const rows = await db
        .selectFrom('chain_entries as kept')
        .select(ENTRY_COLUMNS)
        .where('project', 'in', projects)
        .where('kind', '=', 'operator_action')
        .where(sql<boolean>`strpos(key, ${KEPT_REQUEST}) > 0`)
        .where(
          sql<boolean>`not exists (
            select from chain_entries as later
            where later.project = kept.project and later.subject = kept.subject
              and (later.kind = 'verdict' or (later.kind = 'operator_action'
                and later.key = kept.subject || ':action:' || (kept.body::jsonb ->> 'id'))))`,
        )
        .orderBy('at')
        .execute()
      return rows.map((row) => toEntryOf(row, ['operator_action']))
    },
  }
}
