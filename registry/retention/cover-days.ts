/**
 * Repeats the days that an earlier build closed in digest version 2, once each. Version 1 depends on the collation of
 * the database, so this must happen where the day was closed: on another server, or after an upgrade of its libraries,
 * it cannot be checked any more.
 */
import { sql } from 'kysely'
import { type ClosedDay, dayCoveredKey, digestVersionOf, type LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { WithLedger } from '../ledger/append-entries.js'
import { ENTRY_COLUMNS, type EntryRow, isIntact, toEntryOf } from '../ledger/entry-hash.js'
import type { RetentionArea } from './retention-area.js'

export function createDayCover(
  db: Database,
  withLedger: WithLedger,
  digestDay: RetentionArea['digestDay'],
): Pick<RetentionArea, 'coverDays'> {
  return {
    async coverDays() {
      const covered: ClosedDay[] = []
      const differing: ClosedDay[] = []
      for (const closing of await uncovered(db)) {
        const { body } = closing
        const again = await digestDay(body, 1)
        // Rows that differ get no new digest: verify must go on reporting them.
        if (!isIntact(closing) || again.digest !== body.digest) {
          differing.push(body)
          continue
        }
        const { project, table, day } = body
        const next: ClosedDay = { project, table, day, ...(await digestDay(body, 2)), digestVersion: 2 }
        const key = dayCoveredKey(table, day)
        await withLedger(project, (ledger) =>
          ledger.append({ project, kind: 'day_closed', subject: table, key, body: next }),
        )
        covered.push(next)
      }
      return { covered, differing }
    },
  }
}

/** Closings in version 1 of days that have no closing in version 2 and still exist. */
async function uncovered(db: Database): Promise<LedgerEntry<'day_closed'>[]> {
  const { rows } = await sql<EntryRow>`
    select ${sql.join(ENTRY_COLUMNS.map((name) => sql.ref(`c.${name}`)))}
    from chain_heads h join chain_entries c on c.project = h.project and c.kind = 'day_closed'
    where not exists (select from chain_entries v where v.project = c.project and v.key = c.key || ':v2')
      and not exists (
        select from chain_entries d where d.project = c.project and d.key = 'dropped:day:' || (c.body::jsonb ->> 'day'))
    order by c.project, c.seq`.execute(db)
  return rows.map((row) => toEntryOf(row, ['day_closed'])).filter(({ body }) => digestVersionOf(body) === 1)
}
