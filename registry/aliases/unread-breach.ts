/** A breach may be stored after the look that permits a promotion has read breaches, and before the move. */
import type { LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntryOf } from '../ledger/entry-hash.js'
import type { AliasMove } from './aliases-area.js'

/** @returns the signal of a breach that rolls back the canary and that the permitting look has not read; null: none */
export async function unreadBreach(
  db: Database,
  { project, workflowId, unlessBreached }: Pick<AliasMove, 'project' | 'workflowId' | 'unlessBreached'>,
): Promise<string | null> {
  if (workflowId === null) return null
  const ofRun = (kind: 'judgement' | 'breach') =>
    db
      .selectFrom('chain_entries')
      .select(ENTRY_COLUMNS)
      .where('project', '=', project)
      .where('kind', '=', kind)
      .where('subject', '=', workflowId)
  const newest = await ofRun('judgement').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  if (newest === undefined) return null
  const look = toEntryOf(newest, ['judgement'])
  const read = unlessBreached?.after ?? look.body.breachesRead ?? look.seq
  const later = await ofRun('breach').where('seq', '>', String(read)).orderBy('seq').execute()
  const unread = later.map((row) => toEntryOf(row, ['breach'])).find((breach) => rollsBack(breach, look))
  return unread?.body.signal ?? null
}

/** Only what the next look would act on: otherwise the same promotion would be refused without end. */
function rollsBack(
  { body: { power, arm, phase, at } }: LedgerEntry<'breach'>,
  { body: { judgement } }: LedgerEntry<'judgement'>,
): boolean {
  const isActedOn = phase === undefined ? at <= judgement.numbers.asOf : phase === 'canary'
  return power === 'rollback' && arm === 'canary' && isActedOn
}
