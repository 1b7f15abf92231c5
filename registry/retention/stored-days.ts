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

/** Days that have partitions, oldest first, from the names of the partitions. */
export async function storedDays(db: Database | Transaction<Tables>): Promise<StoredDay[]> {
  const { rows } = await sql<{ parent: DayTable; name: string }>`
    select parent.relname as parent, child.relname as name
    from pg_inherits i join pg_class parent on parent.oid = i.inhparent join pg_class child on child.oid = i.inhrelid
    where i.inhparent = any(array['decisions', 'outcomes', 'early_labels']::regclass[])`.execute(db)
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
