/**
 * Closes past days of decisions and outcomes: records count and digest of their rows, which reveal lost or altered
 * rows.
 */
import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import { type ClosedDay, dayClosedKey } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import type { WithLedger } from '../ledger/append-entries.js'
import type { RetentionArea } from '../retention/retention-area.js'

const PAGE = 5_000

/** Explicit columns in this order, so that a column added later does not change the digest of earlier days. */
const COLUMNS = {
  decisions: sql`decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action, input, input_digest,
    bucket, weight, stale, written_at`,
  outcomes: sql`decision_id, version, label, loss, observed_at, written_at`,
} as const

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
    digestDay: (day) => db.transaction().execute((transaction) => digestDay(transaction, day)),
  }
}

type OpenDay = Pick<ClosedDay, 'project' | 'table' | 'day'>

/** Days before today with rows and without a closing entry. */
async function openDays(db: Database): Promise<OpenDay[]> {
  const found: OpenDay[] = []
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

const closeDay = (db: Database, open: OpenDay): Promise<ClosedDay> =>
  db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (transaction) => {
      // Waits for transactions that still write on that day; no new one can start.
      const number = Math.round((Date.parse(open.day) - Date.parse('2000-01-01')) / DAY_MS)
      await sql`select pg_advisory_xact_lock(7070, ${number}::int)`.execute(transaction)
      return { ...open, ...(await digestDay(transaction, open)) }
    })

/** SHA-256 over the rows of the day as JSON texts of the columns above, one line each, in order of their key. */
async function digestDay(
  db: Transaction<Tables>,
  { project, table, day }: OpenDay,
): Promise<Pick<ClosedDay, 'rows' | 'digest'>> {
  // Otherwise instants would be written in the time zone of the session.
  await sql`set local time zone 'UTC'`.execute(db)
  const hash = createHash('sha256')
  const version = table === 'outcomes' ? sql`version` : sql`0::int`
  let after = { id: '', version: 0 }
  let count = 0
  for (;;) {
    const { rows } = await sql<{ id: string; version: number; line: string }>`
      select decision_id as id, ${version} as version, (select row_to_json(r)::text from (select ${COLUMNS[table]}) r) as line
      from ${sql.table(table)}
      where project = ${project} and written_day = ${day}::date
        and (decision_id, ${version}) > (${after.id}::text, ${after.version}::int)
      order by decision_id, ${version} limit ${PAGE}`.execute(db)
    for (const row of rows) hash.update(`${row.line}\n`)
    count += rows.length
    const last = rows.at(-1)
    if (!last) return { rows: count, digest: `sha256:${hash.digest('hex')}` }
    after = { id: last.id, version: last.version }
  }
}
