import { type Kysely, type Migration, sql } from 'kysely'

/** An entry of kind `source` belongs to no run, and names an artifact that retention asks for. */
export const sources: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      create or replace function slipway_is_of_run(entry chain_entries) returns boolean language sql immutable as $$
        select entry.kind not in ('schedule', 'condition', 'day_closed', 'dropped', 'source')
          and (entry.kind <> 'alias_move' or entry.body::jsonb ->> 'workflowId' is not null)
      $$`.execute(db)
    await sql`create index on chain_entries using gin (slipway_digests(body)) where kind = 'source'`.execute(db)
  },
}
