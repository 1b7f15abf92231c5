import { type Kysely, type Migration, sql } from 'kysely'

/** The move in force at a time of the past is found by its instant: by its place, all later moves were read. */
export const aliasTimes: Migration = {
  async up(db: Kysely<never>) {
    await sql`create index on chain_entries (project, subject, at, seq) where kind = 'alias_move'`.execute(db)
  },
}
