import { sql } from 'kysely'
import { ENTRY_COLUMNS, toEntry } from '../chain/entry.js'
import type { Database } from '../database/connect.js'
import type { ClosedDay, Problem, Registry } from '../types.js'

/** Digests of closed days, against the rows there are. A day whose dropping is recorded is neither a fault nor a pass: it is not counted. */
export async function verifyDays(
  db: Database,
  digestDay: Registry['digestDay'],
): Promise<{ days: number; problems: Problem[] }> {
  const rows = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('kind', '=', 'day_closed')
    .orderBy('project')
    .orderBy('seq')
    .execute()
  const problems: Problem[] = []
  let days = 0
  for (const row of rows) {
    const { project, seq, key, body } = toEntry(row)
    const { table, day, digest, rows: count } = body as unknown as ClosedDay
    if (await isDropped(db, project, key)) continue
    days += 1
    const found = await digestDay({ project, table, day })
    if (found.digest === digest) continue
    problems.push({
      project,
      seq,
      what: `${table} of ${day}: ${found.rows} rows with digest ${found.digest}, recorded were ${count} with ${digest}`,
    })
  }
  return { days, problems }
}

async function isDropped(db: Database, project: string, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('chain_entries')
    .select('seq')
    .where('project', '=', project)
    .where('kind', '=', 'dropped')
    .where(sql<boolean>`body like ${`%"${key}"%`}`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
