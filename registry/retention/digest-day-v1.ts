/**
 * Version 1 of a day's digest, to check days that earlier builds have closed. It depends on the collation of the
 * database, and does not cover `expected_loss`. It does not change any more.
 */
import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { ClosedDay } from '../../contracts/ledger/index.js'
import type { Tables } from '../database/tables.js'
import type { DayOfTable } from './digest-day.js'

const PAGE = 5_000

const COLUMNS = {
  decisions: sql`decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action, input, input_digest,
    bucket, weight, stale, written_at`,
  outcomes: sql`decision_id, version, label, loss, observed_at, written_at`,
} as const

/** SHA-256 over the rows of the day as JSON texts of the columns above, one line each, in order of their key. */
export async function digestDayV1(
  db: Transaction<Tables>,
  { project, table, day }: DayOfTable,
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
