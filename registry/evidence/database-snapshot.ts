/**
 * A database snapshot as text: `pg_current_snapshot()`, after the number of the cluster and a slash where it is not the
 * first one (docs/decisions/117). Transaction ids are comparable within one cluster only.
 */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'

export async function databaseSnapshot(db: Database): Promise<string> {
  const { rows } = await sql<{ epoch: number; cut: string }>`
    select slipway_epoch() as epoch, pg_current_snapshot()::text as cut`.execute(db)
  const { epoch = 1, cut = '' } = rows[0] ?? {}
  return epoch === 1 ? cut : `${epoch}/${cut}`
}

/**
 * Only rows of `table` that a database snapshot contains; all rows without one. A snapshot contains all rows of earlier
 * clusters: they were restored before it was taken.
 */
export function seenIn(table: 'd' | 'o', cut: string | undefined) {
  if (cut === undefined) return sql`true`
  const slash = cut.indexOf('/')
  const [epoch, ids] = slash < 0 ? [1, cut] : [Number(cut.slice(0, slash)), cut.slice(slash + 1)]
  const [ofRow, xid] = [sql.ref(`${table}.written_epoch`), sql.ref(`${table}.written_xid`)]
  return sql`(${ofRow} < ${epoch} or (${ofRow} = ${epoch} and pg_visible_in_snapshot(${xid}, ${ids}::pg_snapshot)))`
}
