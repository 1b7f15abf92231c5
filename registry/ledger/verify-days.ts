import { droppedDayKey, isDroppedDay, type LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { Problem, Verification } from '../ledger/ledger-area.js'
import type { Registry } from '../registry.js'
import { ENTRY_COLUMNS, toEntryOf } from './entry-hash.js'

type Found = Pick<Verification, 'days' | 'problems' | 'dropped'>

/**
 * Checks the rows of closed days against their digests. A day that was dropped by policy is neither a problem nor a
 * pass.
 */
export async function verifyDays(db: Database, digestDay: Registry['retention']['digestDay']): Promise<Found> {
  const rows = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('kind', '=', 'day_closed')
    .orderBy('project')
    .orderBy('seq')
    .execute()
  const problems: Problem[] = []
  const dropped: Problem[] = []
  let days = 0
  for (const row of rows) {
    const closing = toEntryOf(row, ['day_closed'])
    const { project, seq } = closing
    const { table, day, digest, rows: count } = closing.body
    const found = await digestDay({ project, table, day })
    const problem = `${table} of ${day}: ${found.rows} rows with digest ${found.digest}, but ${count} with ${digest} were recorded`
    // Read after the rows, because a day may be dropped between the two reads.
    const drop = await dropOf(db, project, day)
    const said = drop && isDroppedDay(drop.body) && drop.body.tables.find((one) => one.table === table)
    if (drop && said && said.digest === digest && found.rows === 0) {
      const what = `${table} of ${day}: dropped by policy on ${drop.at}, ${count} rows with digest ${digest}`
      dropped.push({ project, seq: drop.seq, what })
      continue
    }
    days += 1
    if (drop) problems.push({ project, seq: drop.seq, what: `${problem}; the entry that drops it does not match` })
    else if (found.digest !== digest) problems.push({ project, seq, what: problem })
  }
  return { days, problems, dropped }
}

async function dropOf(db: Database, project: string, day: string): Promise<LedgerEntry<'dropped'> | undefined> {
  const row = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('project', '=', project)
    .where('key', '=', droppedDayKey(day))
    .where('kind', '=', 'dropped')
    .executeTakeFirst()
  return row && toEntryOf(row, ['dropped'])
}
