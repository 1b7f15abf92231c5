/**
 * While bytes are removed from the artifact store, no run starts: it might write the same bytes again and find them
 * still there. Everything else continues, because a remote store may be slow: aliases move, looks are recorded, and
 * production can be rolled back.
 */
import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'

const REMOVAL = sql`hashtextextended('slipway/artifact removal', 0)`

/** For a run that starts: waits until no bytes are being removed. Before the lock of a ledger, never after it. */
export async function awaitRemovals(db: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${REMOVAL})`.execute(db)
}

/** @param work calls `stillHeld` before each removal: with its connection the process loses the lock */
export function withoutStarts<T>(db: Database, work: (stillHeld: () => Promise<void>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${REMOVAL})`.execute(transaction)
    return work(async () => void (await sql`select 1`.execute(transaction)))
  })
}
