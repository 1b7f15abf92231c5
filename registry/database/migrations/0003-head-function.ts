import { type Kysely, type Migration, sql } from 'kysely'

/**
 * A user who may execute a trigger function may attach it to any own table, also a temporary one: that way the runtime
 * role could move heads. Existing triggers do not need this permission.
 */
export const headFunction: Migration = {
  async up(db: Kysely<never>) {
    await sql`revoke execute on function slipway_advance_head() from public`.execute(db)
  },
}
