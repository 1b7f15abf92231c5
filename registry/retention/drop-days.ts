/**
 * Whole days of decisions, outcomes and labels kept aside. A day's partitions hold the rows of all projects, so the project that
 * keeps longest decides; and no day goes before those before it, so that a decision which is there has its labels.
 */
import { sql, type Transaction } from 'kysely'
import { durationMs } from '../../contracts/duration.js'
import { dayClosedKey, droppedDayKey, type LedgerEntry, ofKind } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import { isIntact } from '../ledger/entry-hash.js'
import { type AllLocked, type Ledgers, readLedgers, withAllLedgers } from './lock-ledgers.js'
import { needsDay, runsOf } from './retained-runs.js'
import type { PrunedDay, PruneReport, PruneRequest, RetentionArea } from './retention-area.js'
import { keptMs } from './retention-policy.js'

const TABLES = ['decisions', 'outcomes', 'early_labels'] as const
type Table = (typeof TABLES)[number]

type Counts = Readonly<Record<string, Partial<Record<Table, number>>>>
type Digests = Pick<RetentionArea, 'digestDay'>

interface Day {
  readonly day: string
  readonly tables: ReadonlySet<Table>
}

/** What became of a day: dropped, kept after all, or gone because another run was quicker. */
type Dropped = { readonly dropped: PrunedDay } | { readonly why: string } | null

/** @param drop does it; in a dry run it only counts */
export async function eachOldDay(
  db: Database,
  digests: Digests,
  { request, now }: { request: PruneRequest; now: () => number },
  drop: (day: Day) => Promise<Dropped>,
): Promise<Pick<PruneReport, 'days' | 'held'>> {
  const ledgers = await readLedgers(db)
  const days: PrunedDay[] = []
  for (const day of await partitions(db)) {
    const counts = await countRows(db, day)
    const why = holdOf(day, counts, { ledgers, request, now: now() }) ?? (await differs(digests, day, counts, ledgers))
    if (why !== undefined) return { days, held: { day: day.day, why } }
    const done = await drop(day)
    if (done && 'why' in done) return { days, held: { day: day.day, why: done.why } }
    if (done) days.push(done.dropped)
  }
  return { days, held: null }
}

export const countDay = async (db: Database, day: Day): Promise<Dropped> => ({
  dropped: pruned(day, await countRows(db, day)),
})

/** Rows and entries go in one transaction: either both happen or neither. */
export function dropDay(
  db: Database,
  { request, now }: { request: PruneRequest & Required<Pick<PruneRequest, 'apply'>>; now: () => number },
  day: Day,
): Promise<Dropped> {
  return withAllLedgers(db, now, async (locked) => {
    const there = (await partitions(locked.db)).find((one) => one.day === day.day)
    if (!there) return null
    const counts = await countRows(locked.db, there)
    // What was asked without the locks is asked again: a run may have begun.
    const why = holdOf(there, counts, { ledgers: locked.ledgers, request, now: now() })
    if (why !== undefined) return { why }
    for (const project of Object.keys(counts)) await record(locked, request, project, there.day, counts[project] ?? {})
    for (const table of there.tables)
      await sql`drop table ${sql.table(partitionOf(table, there.day))}`.execute(locked.db)
    return { dropped: pruned(there, counts) }
  })
}

function pruned({ day }: Day, counts: Counts): PrunedDay {
  const rows = Object.values(counts).flatMap((tables) => Object.values(tables))
  return { day, projects: Object.keys(counts).sort(), rows: rows.reduce((sum, one) => sum + one, 0) }
}

async function record(
  { lockedOf, ledgers }: AllLocked,
  { policies, apply }: PruneRequest & Required<Pick<PruneRequest, 'apply'>>,
  project: string,
  day: string,
  counts: Partial<Record<Table, number>>,
): Promise<void> {
  const tables = (['decisions', 'outcomes'] as const).flatMap((table) => {
    const closed = closingOf(ledgers.get(project) ?? [], table, day)
    if (!closed) return []
    const { rows, digest } = closed.body
    return [{ table, rows, digest }]
  })
  const kept = policies.get(project)?.decisions ?? ''
  const body = { day, tables, earlyLabels: counts.early_labels ?? 0, ...apply, kept }
  await lockedOf(project).append({ project, kind: 'dropped', subject: 'days', key: droppedDayKey(day), body })
}

const partitionOf = (table: Table, day: string): string => `${table}_${day.replaceAll('-', '')}`

/** Oldest first, by their names. */
async function partitions(db: Database | Transaction<Tables>): Promise<Day[]> {
  const { rows } = await sql<{ parent: Table; name: string }>`
    select parent.relname as parent, child.relname as name
    from pg_inherits i join pg_class parent on parent.oid = i.inhparent join pg_class child on child.oid = i.inhrelid
    where i.inhparent = any(array['decisions', 'outcomes', 'early_labels']::regclass[])`.execute(db)
  const days = new Map<string, Set<Table>>()
  for (const { parent, name } of rows) {
    const [, year, month, date] = /_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? []
    if (!year) continue
    const day = `${year}-${month}-${date}`
    days.set(day, (days.get(day) ?? new Set()).add(parent))
  }
  return [...days].map(([day, tables]) => ({ day, tables })).sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** Rows by project and table; without projects that have none. */
async function countRows(db: Database | Transaction<Tables>, { day, tables }: Day): Promise<Counts> {
  const counts: Record<string, Partial<Record<Table, number>>> = {}
  for (const table of tables) {
    const { rows } = await sql<{ project: string; count: string }>`
      select project, count(*) as count from ${sql.table(table)} where written_day = ${day}::date group by project`.execute(
      db,
    )
    for (const { project, count } of rows) counts[project] = { ...counts[project], [table]: Number(count) }
  }
  return counts
}

interface Asked {
  readonly ledgers: Ledgers
  readonly request: PruneRequest
  readonly now: number
}

/** Why a day stays; undefined where nothing needs it. */
function holdOf({ day }: Day, counts: Counts, { ledgers, request, now }: Asked): string | undefined {
  const over = Date.parse(day) + durationMs('1d')
  const projects = Object.keys(counts).sort()
  if (projects.length === 0) {
    const longest = Math.max(...[...request.policies.values()].map(({ decisions }) => keptMs(decisions)))
    return over + longest > now ? 'it is empty and not older than what the projects keep' : undefined
  }
  for (const project of projects) {
    const policy = request.policies.get(project)
    if (!policy) return `it holds rows of ${project}, which is not loaded here`
    if (request.project !== undefined && project !== request.project)
      return `it holds rows of ${project}, too; prune without --project`
    if (over + keptMs(policy.decisions) > now)
      return `${project} keeps decisions ${policy.decisions === 'forever' ? '' : 'for '}${policy.decisions}`
    const entries = ledgers.get(project) ?? []
    for (const table of ['decisions', 'outcomes'] as const)
      if (counts[project]?.[table] && !closingOf(entries, table, day))
        return `${table} of ${project} are not closed yet`
    const need = needsDay(runsOf(entries), day, now)
    if (need !== undefined) return need
  }
  return undefined
}

const closingOf = (
  entries: readonly LedgerEntry[],
  table: 'decisions' | 'outcomes',
  day: string,
): LedgerEntry<'day_closed'> | undefined =>
  entries.filter(ofKind('day_closed')).find(({ key }) => key === dayClosedKey(table, day))

/** Rows that are not those of the closing are evidence of something, and stay. */
async function differs(
  { digestDay }: Digests,
  { day }: Day,
  counts: Counts,
  ledgers: Ledgers,
): Promise<string | undefined> {
  for (const project of Object.keys(counts)) {
    for (const table of ['decisions', 'outcomes'] as const) {
      const closing = closingOf(ledgers.get(project) ?? [], table, day)
      if (!closing) continue
      const { digest } = closing.body
      const found = isIntact(closing) ? await digestDay({ project, table, day }) : undefined
      if (found?.digest !== digest) return `${table} of ${project} are not as they were closed: slipway registry verify`
    }
  }
  return undefined
}
