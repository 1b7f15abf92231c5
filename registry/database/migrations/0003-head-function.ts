import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Whoever may execute a trigger function may hang it on a table of his own, a temporary one too: through that the lesser role
 * could move heads. Triggers that exist already need no such permission.
 */
export const headFunction: Migration = {
  async up(db: Kysely<never>) {
    await sql`revoke execute on function slipway_advance_head() from public`.execute(db)
  },
}
