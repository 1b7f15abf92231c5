import { sql, type Transaction } from 'kysely'
import type { EntryKind, LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import { type LedgerClock, type LockedLedger, lockLedger } from '../ledger/append-entries.js'
import { toEntry } from '../ledger/entry-hash.js'
import { ledgerProjects, rowsOf } from '../ledger/ledger-pages.js'

/**
 * All that says what is needed. Not the judgements, which are many and large: the two releases that one names are those
 * of the evaluation, the lane and the alias moves of its run.
 */
const KINDS: readonly EntryKind[] = [
  ...(['trigger', 'snapshot', 'training_run', 'release', 'evaluation', 'lane', 'canary_step', 'alias_move'] as const),
  ...(['approval', 'verdict', 'day_closed', 'dropped', 'source'] as const),
]

/** While this session waits for a table lock, every later reader and writer of the table waits behind it. */
export const LOCK_LIMIT = '2s'

/** The relevant entries of each project, oldest first. */
export type Ledgers = ReadonlyMap<string, readonly LedgerEntry[]>

/** What has been read of the ledgers. They are append-only, so each entry is read once. */
export interface LedgerView {
  /** Adds what was appended since. */
  refresh(db: Database | Transaction<Tables>): Promise<Ledgers>
}

export function createLedgerView(): LedgerView {
  const ledgers = new Map<string, LedgerEntry[]>()
  return {
    async refresh(db) {
      for (const project of await ledgerProjects(db)) {
        const entries = ledgers.get(project) ?? []
        ledgers.set(project, entries)
        const added: LedgerEntry[] = []
        for await (const row of rowsOf(db, project, KINDS, entries.at(-1)?.seq)) added.push(toEntry(row))
        for (const entry of added) entries.push(entry)
      }
      return ledgers
    },
  }
}

export interface AllLocked {
  readonly db: Transaction<Tables>
  readonly ledgers: Ledgers
  readonly lockedOf: (project: string) => LockedLedger
}

/**
 * Works while no process can append to any ledger: no run starts, no alias moves, no artifact is named. Changes of the
 * database and the entries that record them are committed together or not at all.
 */
export function withAllLedgers<T>(
  { db, now, view }: { readonly db: Database; readonly now: LedgerClock; readonly view: LedgerView },
  work: (locked: AllLocked) => Promise<T>,
): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (transaction) => {
      const locked = new Map<string, LockedLedger>()
      for (const project of await ledgerProjects(transaction))
        locked.set(project, await lockLedger(transaction, project, now))
      await sql`select set_config('lock_timeout', ${LOCK_LIMIT}, true)`.execute(transaction)
      const lockedOf = (project: string) => {
        const ledger = locked.get(project)
        if (!ledger) throw new RangeError(`the ledger of ${project} is not locked`)
        return ledger
      }
      return work({ db: transaction, ledgers: await view.refresh(transaction), lockedOf })
    })
}
