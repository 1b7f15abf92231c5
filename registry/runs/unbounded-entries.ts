/** Entries of a run that have no bound: a page reads the newest of them only. */
import { sql } from 'kysely'
import type { EntryKind, LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntry } from '../ledger/entry-hash.js'
import type { RunPart } from './runs-area.js'

const UNBOUNDED: readonly EntryKind[] = ['operator_action', 'breach']

/** All other entries, and actions that changed the run. Word for word the predicate of its index. */
export const LASTING = sql<boolean>`(kind not in ('operator_action', 'breach')
  or (kind = 'operator_action' and body::jsonb ->> 'accepted' = 'true'))`

/**
 * @param lasting the run's other entries, oldest first
 * @param part without `newest`, `lasting` are all entries already
 */
export async function withUnbounded(
  db: Database,
  { project, workflow_id: workflowId }: { readonly project: string; readonly workflow_id: string },
  lasting: readonly LedgerEntry[],
  { newest, kinds = UNBOUNDED }: Pick<RunPart, 'newest' | 'kinds'>,
): Promise<{ entries: readonly LedgerEntry[]; shortened?: readonly EntryKind[] }> {
  if (newest === undefined) return { entries: lasting }
  const bySeq = new Map(lasting.map((entry) => [entry.seq, entry]))
  const shortened: EntryKind[] = []
  for (const kind of UNBOUNDED.filter((one) => kinds.includes(one))) {
    const rows = await db
      .selectFrom('chain_entries')
      .select(ENTRY_COLUMNS)
      .where('project', '=', project)
      .where('kind', '=', kind)
      .where('subject', '=', workflowId)
      .orderBy('seq', 'desc')
      .limit(newest + 1)
      .execute()
    if (rows.length > newest) shortened.push(kind)
    for (const entry of rows.slice(0, newest).map(toEntry)) bySeq.set(entry.seq, entry)
  }
  const entries = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  return { entries, ...(shortened.length === 0 ? {} : { shortened }) }
}
