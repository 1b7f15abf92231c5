/** Drops the months of the lookup of decisions that lie before the oldest day that is stored. */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { LOCK_LIMIT } from './lock-ledgers.js'
import { storedDays } from './stored-days.js'

export async function dropOldMonths(db: Database): Promise<void> {
  const [oldest] = await storedDays(db)
  if (!oldest) return
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits i join pg_class child on child.oid = i.inhrelid
    where i.inhparent = 'decision_days'::regclass`.execute(db)
  const first = `decision_days_${oldest.day.slice(0, 7).replace('-', '')}`
  const old = rows.filter(({ name }) => name < first)
  for (const { name } of old)
    await db.transaction().execute(async (transaction) => {
      // Every writer waits behind this one while it waits for a reader.
      await sql`select set_config('lock_timeout', ${LOCK_LIMIT}, true)`.execute(transaction)
      await sql`drop table if exists ${sql.table(name)}`.execute(transaction)
    })
}
