/**
 * Days of which some rows may not be closed yet. A day is finished when every project with rows on it has its closings:
 * no row can be written on it any more, so it is never read again to find out.
 */
import { sql, type Transaction } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import { dayClosedKey } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import type { DayOfTable } from './digest-day.js'
import { storedDays } from './stored-days.js'

/**
 * Stored days before today, by the database's clock, that are not finished; oldest first. Days are finished in this
 * order, and no day before yesterday can be added, so all up to the newest finished one are.
 */
export async function unfinishedDays(db: Database): Promise<string[]> {
  const { rows } = await sql<{ today: string; newest: string | null }>`
    select (clock_timestamp() at time zone 'UTC')::date::text as today,
      (select max(written_day)::text from finished_days) as newest`.execute(db)
  const { today = '', newest } = rows[0] ?? {}
  return (await storedDays(db, newest ?? undefined)).map(({ day }) => day).filter((day) => day < today)
}

/** What is on a day without a closing entry. */
export async function openTables(db: Database, day: string): Promise<DayOfTable[]> {
  // Only after the last writer of the day has ended is it certain which projects have rows on it.
  await db.transaction().execute((transaction) => waitForWriters(transaction, day))
  const found: DayOfTable[] = []
  for (const table of ['decisions', 'outcomes'] as const) {
    const { rows } = await sql<{ project: string }>`
      select distinct project from ${sql.table(table)} t
      where written_day = ${day}::date
        and not exists (
          select from chain_entries c where c.project = t.project and c.key = ${dayClosedKey(table, day)})
      order by 1`.execute(db)
    found.push(...rows.map(({ project }) => ({ project, table, day })))
  }
  return found
}

export async function finishDay(db: Database, day: string): Promise<void> {
  await sql`insert into finished_days (written_day) values (${day}::date) on conflict do nothing`.execute(db)
}

/** Waits for transactions that still write on a past day; no new one can start. */
export async function waitForWriters(db: Transaction<Tables>, day: string): Promise<void> {
  const number = Math.round((Date.parse(day) - Date.parse('2000-01-01')) / DAY_MS)
  await sql`select pg_advisory_xact_lock(7070, ${number}::int)`.execute(db)
}
