import { digestVersionOf, droppedDayKey, isDroppedDay, type LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { Problem, Verification } from '../ledger/ledger-area.js'
import type { Registry } from '../registry.js'
import { closingOf } from '../retention/closings.js'
import { ENTRY_COLUMNS, toEntryOf } from './entry-hash.js'

type Found = Pick<Verification, 'days' | 'problems' | 'dropped'> & { readonly covered: readonly Problem[] }
type Closing = LedgerEntry<'day_closed'>
type DigestDay = Registry['retention']['digestDay']

/**
 * Checks the rows of closed days against their digests. Neither a problem nor a pass: a day that was dropped by policy,
 * and a digest of version 1 that this server cannot compute, of a day that version 2 covers.
 */
export async function verifyDays(db: Database, digestDay: DigestDay): Promise<Found> {
  const problems: Problem[] = []
  const dropped: Problem[] = []
  const covered: Problem[] = []
  let days = 0
  for (const closings of await closedDays(db)) {
    const [first] = closings
    const newest = first && closingOf(closings, first.body.table, first.body.day)
    if (!first || !newest) continue
    const { project, table, day, rows } = newest.body
    const problem = await difference(newest, digestDay)
    // Read after the rows, because a day may be dropped between the two reads.
    const drop = await dropOf(db, project, day)
    const said = drop && isDroppedDay(drop.body) && drop.body.tables.find((one) => one.table === table)
    if (drop && said && closings.some(({ body }) => body.digest === said.digest) && problem?.rows === 0) {
      const what = `${table} of ${day}: dropped by policy on ${drop.at}, ${rows} rows with digest ${said.digest}`
      dropped.push({ project, seq: drop.seq, what })
      continue
    }
    days += 1
    if (drop) {
      const what = `${problem?.what ?? `${table} of ${day} still exist`}; the entry that drops it does not match`
      problems.push({ project, seq: drop.seq, what })
    } else if (problem) problems.push({ project, seq: newest.seq, what: problem.what })
    else if (first !== newest) {
      if (first.body.rows !== rows)
        problems.push({
          project,
          seq: newest.seq,
          what: `${table} of ${day}: ${rows} rows, closed with ${first.body.rows}`,
        })
      else if (await difference(first, digestDay))
        covered.push({ project, seq: first.seq, what: `${table} of ${day}: digest version 1 is covered by version 2` })
    }
  }
  return { days, problems, dropped, covered }
}

/** The closings of each day and table, the first one first. */
async function closedDays(db: Database): Promise<Iterable<Closing[]>> {
  const rows = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('kind', '=', 'day_closed')
    .orderBy('project')
    .orderBy('seq')
    .execute()
  const days = new Map<string, Closing[]>()
  for (const row of rows) {
    const closing = toEntryOf(row, ['day_closed'])
    const name = `${closing.project} ${closing.body.table} ${closing.body.day}`
    days.set(name, [...(days.get(name) ?? []), closing])
  }
  return days.values()
}

async function difference(
  { body }: Closing,
  digestDay: DigestDay,
): Promise<{ rows: number; what: string } | undefined> {
  const { table, day, rows, digest } = body
  const version = digestVersionOf(body)
  const found = await digestDay(body, version)
  if (found.digest === digest) return undefined
  const what = `${table} of ${day}: ${found.rows} rows with digest ${found.digest}, but ${rows} with ${digest} were recorded`
  const hint = '; a digest of version 1 also differs on a server with another collation (docs/backup.md)'
  return { rows: found.rows, what: version === 1 && found.rows === rows ? `${what}${hint}` : what }
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
