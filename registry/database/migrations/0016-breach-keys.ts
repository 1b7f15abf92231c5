import { type Kysely, type Migration, sql } from 'kysely'

/**
 * The key of a breach ends with its instant: this finds the newest of a signal and arm without reading the others of
 * the run, which have no bound.
 */
export const breachKeys: Migration = {
  async up(db: Kysely<never>) {
    await sql`create index on chain_entries (project, key text_pattern_ops) where kind = 'breach'`.execute(db)
  },
}
