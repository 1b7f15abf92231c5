import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Breaches and refused actions of a run have no bound; a page reads the newest of them. This finds what else the run
 * has without passing them.
 */
export const lastingEntries: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      create index on chain_entries (workflow_id, seq)
      where kind not in ('operator_action', 'breach')
        or (kind = 'operator_action' and body::jsonb ->> 'accepted' = 'true')`.execute(db)
    // What only the ledger has is asked for all the time, and is seldom anything.
    await sql`
      create index on chain_entries (project, at)
      where kind = 'operator_action' and strpos(key, ':requested:kept:') > 0`.execute(db)
  },
}
