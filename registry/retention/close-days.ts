/**
 * Closes past days of decisions and outcomes: records count and digest of their rows, which reveal lost or altered
 * rows.
 */
import { sql } from 'kysely'
import { type ClosedDay, dayClosedKey, NEWEST_DIGEST } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { WithLedger } from '../ledger/append-entries.js'
import { type DayOfTable, digestDay } from './digest-day.js'
import { digestDayV1 } from './digest-day-v1.js'
import type { RetentionArea } from './retention-area.js'
import { finishDay, openTables, unfinishedDays, waitForWriters } from './unfinished-days.js'

export function createDayCloser(db: Database, withLedger: WithLedger): Pick<RetentionArea, 'closeDays' | 'digestDay'> {
  /** @returns whether no other process had recorded it */
  const record = (day: ClosedDay): Promise<boolean> => {
    const { project, table } = day
    const key = dayClosedKey(table, day.day)
    return withLedger(project, async (ledger) => {
      const known = await ledger.db
        .selectFrom('chain_entries')
        .select('seq')
        .where('project', '=', project)
        .where('key', '=', key)
        .executeTakeFirst()
      if (!known) await ledger.append({ project, kind: 'day_closed', subject: table, key, body: day })
      return !known
    })
  }
  return {
    async closeDays() {
      // Opening a day locks every partition, so days that exist are left alone.
      await sql`
        select slipway_open_day(day) from (
          select (clock_timestamp() at time zone 'UTC')::date + ahead as day from generate_series(0, 1) ahead) days
        where to_regclass('decisions_' || to_char(day, 'YYYYMMDD')) is null`.execute(db)
      const closed: ClosedDay[] = []
      for (const day of await unfinishedDays(db)) {
        for (const open of await openTables(db, day)) {
          const closing = await closeDay(db, open)
          if (await record(closing)) closed.push(closing)
        }
        await finishDay(db, day)
      }
      return closed
    },
    digestDay: (day, version = NEWEST_DIGEST[day.table]) =>
      db
        .transaction()
        .execute((transaction) =>
          version === 1 ? digestDayV1(transaction, day) : digestDay(transaction, day, version),
        ),
  }
}

const closeDay = (db: Database, open: DayOfTable): Promise<ClosedDay> =>
  db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (transaction) => {
      await waitForWriters(transaction, open.day)
      const digestVersion = NEWEST_DIGEST[open.table]
      return { ...open, ...(await digestDay(transaction, open, digestVersion)), digestVersion }
    })
