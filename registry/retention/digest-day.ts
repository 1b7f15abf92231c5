/** Count and digest of the rows of one day. */
import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { canonicalJson } from '../../contracts/canonical.js'
import type { ClosedDay } from '../../contracts/ledger/index.js'
import type { Tables } from '../database/tables.js'

export type DayOfTable = Pick<ClosedDay, 'project' | 'table' | 'day'>
type Digest = Pick<ClosedDay, 'rows' | 'digest'>

const PAGE = 5_000

/**
 * The columns of a row, in this order. A column that is added to a table later changes no digest; to cover it, add a
 * digest version.
 */
const COLUMNS = {
  decisions: [
    ...([
      'decision_id',
      'workflow_id',
      'release_id',
      'arm',
      'source',
      'entity_hash',
      'event_at',
      'output',
      'action',
    ] as const),
    ...(['expected_loss', 'input', 'input_digest', 'bucket', 'weight', 'stale', 'written_at'] as const),
  ],
  outcomes: ['decision_id', 'version', 'label', 'loss', 'observed_at', 'written_at'],
} as const

/** What version 3 covers beside them. */
const ADDED = { decisions: ['segments'], outcomes: [] } as const

/**
 * Whatever a text form depends on: `jsonb` fixes the order of its keys by itself, `row_to_json` the format of a time.
 */
const SETTINGS = { timezone: 'UTC', extra_float_digits: '1' }

/**
 * Versions 2 and 3: SHA-256 over a line that names project, table, day and columns, and one line of JSON per row, in
 * order of the bytes of their keys. The same on every server, whatever its collation and settings.
 */
export async function digestDay(
  db: Transaction<Tables>,
  { project, table, day }: DayOfTable,
  version: 2 | 3,
): Promise<Digest> {
  for (const [name, value] of Object.entries(SETTINGS))
    await sql`select set_config(${name}, ${value}, true)`.execute(db)
  const columns: readonly string[] = [...COLUMNS[table], ...(version === 3 ? ADDED[table] : [])]
  const next = table === 'outcomes' ? sql`, version` : sql``
  // A cursor and not pages by key: no index has this order, and each page would sort the whole day again.
  await sql`
    declare slipway_day no scroll cursor for
    select (select row_to_json(r)::text from (select ${sql.join(columns.map((name) => sql.ref(name)))}) r) as line
    from ${sql.table(table)}
    where project = ${sql.lit(project)} and written_day = ${sql.lit(day)}::date
    order by decision_id collate "C"${next}`.execute(db)
  const hash = createHash('sha256')
  hash.update(`${canonicalJson({ schema: `slipway.day/${version}`, project, table, day, columns })}\n`)
  let count = 0
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.lit(PAGE)} from slipway_day`.execute(db)
    for (const { line } of rows) hash.update(`${line}\n`)
    count += rows.length
    if (rows.length < PAGE) break
  }
  await sql`close slipway_day`.execute(db)
  return { rows: count, digest: `sha256:${hash.digest('hex')}` }
}
