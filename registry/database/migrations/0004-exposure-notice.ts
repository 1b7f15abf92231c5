import { type Kysely, type Migration, sql } from 'kysely'

/** Notifies decision services of entries that may change exposure; `release` lets them load a candidate in advance. */
export const exposureNotice: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      create function slipway_notice_exposure() returns trigger language plpgsql as $$
      begin
        perform pg_notify('slipway_exposure', new.project);
        return null;
      end $$`.execute(db)
    await sql`
      create trigger chain_entries_notice after insert on chain_entries for each row
      when (new.kind in ('alias_move', 'canary_step', 'verdict', 'release'))
      execute function slipway_notice_exposure()`.execute(db)
  },
}
