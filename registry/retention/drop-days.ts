/**
 * Drops whole days of decisions, outcomes and labels of unknown decisions. The partitions of a day contain the rows of
 * all projects, so the project that keeps longest decides. No day is dropped before an earlier one, so that a decision
 * that exists has its labels.
 */
import { sql } from 'kysely'
import { droppedDayKey } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { closingOf } from './closings.js'
import { differenceFromClosing, reasonToKeep } from './day-holds.js'
import { type AllLocked, type LedgerView, withAllLedgers } from './lock-ledgers.js'
import type { PrunedDay, PruneReport, PruneRequest, RetentionArea } from './retention-area.js'
import { countRows, type DayTable, partitionOf, type RowCounts, type StoredDay, storedDays } from './stored-days.js'

/** What happened to a day: dropped, kept after all, or null when another prune dropped it first. */
type Dropped = { readonly dropped: PrunedDay } | { readonly why: string } | null

/** @param drop drops a day; in a dry run it only counts */
export async function eachOldDay(
  db: Database,
  digests: Pick<RetentionArea, 'digestDay'>,
  { request, now, view }: { request: PruneRequest; now: () => number; view: LedgerView },
  drop: (day: StoredDay) => Promise<Dropped>,
): Promise<Pick<PruneReport, 'days' | 'held'>> {
  const ledgers = await view.refresh(db)
  const days: PrunedDay[] = []
  for (const day of await storedDays(db)) {
    const counts = await countRows(db, day)
    const why =
      reasonToKeep(day, counts, { ledgers, request, now: now() }) ??
      (await differenceFromClosing(digests, day, counts, ledgers))
    if (why !== undefined) return { days, held: { day: day.day, why } }
    const done = await drop(day)
    if (done && 'why' in done) return { days, held: { day: day.day, why: done.why } }
    if (done) days.push(done.dropped)
  }
  return { days, held: null }
}

export const countDay = async (db: Database, day: StoredDay): Promise<Dropped> => ({
  dropped: pruned(day, await countRows(db, day)),
})

/** Removes rows and records it in one transaction. */
export function dropDay(
  db: Database,
  {
    request,
    now,
    view,
  }: { request: PruneRequest & Required<Pick<PruneRequest, 'apply'>>; now: () => number; view: LedgerView },
  day: StoredDay,
): Promise<Dropped> {
  return withAllLedgers({ db, now, view }, async (locked) => {
    const there = (await storedDays(locked.db)).find((one) => one.day === day.day)
    if (!there) return null
    const counts = await countRows(locked.db, there)
    // Checked again under the locks: a run may have started.
    const why = reasonToKeep(there, counts, { ledgers: locked.ledgers, request, now: now() })
    if (why !== undefined) return { why }
    for (const project of Object.keys(counts)) await record(locked, request, project, there.day, counts[project] ?? {})
    for (const table of there.tables)
      await sql`drop table ${sql.table(partitionOf(table, there.day))}`.execute(locked.db)
    return { dropped: pruned(there, counts) }
  })
}

function pruned({ day }: StoredDay, counts: RowCounts): PrunedDay {
  const rows = Object.values(counts).flatMap((tables) => Object.values(tables))
  return { day, projects: Object.keys(counts).sort(), rows: rows.reduce((sum, one) => sum + one, 0) }
}

async function record(
  { lockedOf, ledgers }: AllLocked,
  { policies, apply }: PruneRequest & Required<Pick<PruneRequest, 'apply'>>,
  project: string,
  day: string,
  counts: Partial<Record<DayTable, number>>,
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
