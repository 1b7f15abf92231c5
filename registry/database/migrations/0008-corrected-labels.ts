import { type Kysely, type Migration, sql } from 'kysely'

/** Every worker searches corrected labels when it starts: without an index it would read every label that is stored. */
export const correctedLabels: Migration = {
  async up(db: Kysely<never>) {
    await sql`create index on outcomes (written_at) where version > 1`.execute(db)
  },
}
