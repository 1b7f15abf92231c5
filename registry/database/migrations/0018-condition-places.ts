import { type Kysely, type Migration, sql } from 'kysely'

/**
 * The check of a condition reads the newest conditions of its project. Without this it passes everything else that was
 * recorded on that day, such as breaches, which have no bound.
 */
export const conditionPlaces: Migration = {
  async up(db: Kysely<never>) {
    await sql`create index on chain_entries (project, seq) where kind = 'condition'`.execute(db)
  },
}
