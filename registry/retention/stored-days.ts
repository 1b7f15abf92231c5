/** Days of decisions, outcomes and labels of unknown decisions, as partitions of their tables. */
import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'

const TABLES = ['decisions', 'outcomes', 'early_labels'] as const
export type DayTable = (typeof TABLES)[number]

/** Rows by project and table; without projects that have none. */
export type RowCounts = Readonly<Record<string, Partial<Record<DayTable, number>>>>

export interface StoredDay {
  readonly day: string
  readonly tables: ReadonlySet<DayTable>
}

export const partitionOf = (table: DayTable, day: string): string => `${table}_${day.replaceAll('-', '')}`

/**
 * Days that have partitions, oldest first, from the names of the partitions.
 * @param after only later days: the names of the others are not read
 */
export async function storedDays(db: Database | Transaction<Tables>, after = '0001-01-01'): Promise<StoredDay[]> {
  // One range of names a table, which the index on names finds. A tilde is behind the names of the day's indexes.
  const named = TABLES.map(
    (parent) => sql<{ parent: DayTable; name: string }>`
      select ${sql.lit(parent)} as parent, relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relispartition
        and relname > ${sql.lit(`${partitionOf(parent, after)}~`)}::name and relname < ${sql.lit(`${parent}_:`)}::name`,
  )
  const { rows } = await sql<{ parent: DayTable; name: string }>`${sql.join(named, sql` union all `)}`.execute(db)
  const days = new Map<string, Set<DayTable>>()
  for (const { parent, name } of rows) {
    const [, year, month, date] = /_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? []
    if (!year) continue
    const day = `${year}-${month}-${date}`
    days.set(day, (days.get(day) ?? new Set()).add(parent))
  }
  return [...days].map(([day, tables]) => ({ day, tables })).sort((a, b) => (a.day < b.day ? -1 : 1))
}

export async function countRows(db: Database | Transaction<Tables>, { day, tables }: StoredDay): Promise<RowCounts> {
  const counts: Record<string, Partial<Record<DayTable, number>>> = {}
  for (const table of tables) {
    const { rows } = await sql<{ project: string; count: string }>`
      select project, count(*) as count from ${sql.table(table)} where written_day = ${day}::date group by project`.execute(
      db,
    )
    for (const { project, count } of rows) counts[project] = { ...counts[project], [table]: Number(count) }
  }
  return counts
}
