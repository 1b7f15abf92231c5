/**
 * Closes past days of decisions and outcomes: records count and digest of their rows, which reveal lost or altered
 * rows.
 */
import { sql } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import { type ClosedDay, dayClosedKey } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { WithLedger } from '../ledger/append-entries.js'
import { type DayOfTable, digestDay } from './digest-day.js'
import { digestDayV1 } from './digest-day-v1.js'
import type { RetentionArea } from './retention-area.js'

export function createDayCloser(db: Database, withLedger: WithLedger): Pick<RetentionArea, 'closeDays' | 'digestDay'> {
  return {
    async closeDays() {
      await sql`
        select slipway_open_day((clock_timestamp() at time zone 'UTC')::date + ahead) from generate_series(0, 1) ahead`.execute(
        db,
      )
      const closed: ClosedDay[] = []
      for (const open of await openDays(db)) {
        const day = await closeDay(db, open)
        const key = dayClosedKey(day.table, day.day)
        await withLedger(day.project, async (ledger) => {
          const known = await ledger.db
            .selectFrom('chain_entries')
            .select('seq')
            .where('project', '=', day.project)
            .where('key', '=', key)
            .executeTakeFirst()
          if (known) return
          await ledger.append({ project: day.project, kind: 'day_closed', subject: day.table, key, body: day })
          closed.push(day)
        })
      }
      return closed
    },
    digestDay: (day, version = 2) =>
      db.transaction().execute((transaction) => (version === 1 ? digestDayV1 : digestDay)(transaction, day)),
  }
}

/** Days before today with rows and without a closing entry. */
async function openDays(db: Database): Promise<DayOfTable[]> {
  const found: DayOfTable[] = []
  for (const table of ['decisions', 'outcomes'] as const) {
    const { rows } = await sql<{ project: string; day: string }>`
      select distinct t.project, t.written_day::text as day from ${sql.table(table)} t
      where t.written_day < (clock_timestamp() at time zone 'UTC')::date
        and not exists (
          select from chain_entries c where c.project = t.project and c.key = ${dayClosedKey(table, '')}::text || t.written_day)
      order by 2, 1`.execute(db)
    found.push(...rows.map((row) => ({ ...row, table })))
  }
  return found
}

const closeDay = (db: Database, open: DayOfTable): Promise<ClosedDay> =>
  db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (transaction) => {
      // Waits for transactions that still write on that day; no new one can start.
      const number = Math.round((Date.parse(open.day) - Date.parse('2000-01-01')) / DAY_MS)
      await sql`select pg_advisory_xact_lock(7070, ${number}::int)`.execute(transaction)
      return { ...open, ...(await digestDay(transaction, open)), digestVersion: 2 }
    })
