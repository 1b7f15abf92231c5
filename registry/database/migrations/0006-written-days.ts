import { type Kysely, type Migration, sql } from 'kysely'
import { forbidChange } from '../append-only.js'
import { logOutcomes, replaceLogDecisions, replaceOpenDay } from './0006-written-days/log-functions.js'
import { createLookups, fillLookups, keepLookups } from './0006-written-days/lookups.js'

/**
 * On which days of writing rows are (docs/decisions/115), and in which cluster they were written (docs/decisions/117):
 * so a look reads the partitions of its run only, and a database snapshot stays valid after a restore.
 */
export const writtenDays: Migration = {
  async up(db: Kysely<never>) {
    await createEpochs(db)
    await sql`alter table decisions add column written_epoch int not null default 1`.execute(db)
    // Null in rows from before this migration; empty outside a run.
    await sql`
      alter table outcomes add column written_epoch int not null default 1, add column workflow_id text`.execute(db)
    await sql`create index on outcomes (project, workflow_id) where workflow_id is not null`.execute(db)
    await createLookups(db)
    await fillLookups(db)
    await keepLookups(db)
    await replaceOpenDay(db)
    await replaceLogDecisions(db)
    await logOutcomes(db)
  },
}

/**
 * A row is in a database snapshot when its transaction id says so, and ids are comparable within one cluster only. So
 * rows and snapshots carry the number of the cluster. The first writer, or look, on another cluster begins a new epoch.
 */
async function createEpochs(db: Kysely<never>): Promise<void> {
  await sql`
    create table evidence_epochs (
      epoch int primary key,
      system_identifier text not null,
      began_at timestamptz not null default clock_timestamp(),
      labels_without_run_until date
    )`.execute(db)
  await forbidChange(db, 'evidence_epochs')
  // Rows above the ids of this cluster came from another one: then the next call of the function begins epoch 2.
  await sql`
    insert into evidence_epochs (epoch, system_identifier, labels_without_run_until)
    select 1, case when
        exists (select from decisions where written_xid >= pg_snapshot_xmax(pg_current_snapshot()))
        or exists (select from outcomes where written_xid >= pg_snapshot_xmax(pg_current_snapshot()))
      then 'another' else system_identifier::text end,
      -- A writer that waits for this migration still writes as before.
      case when exists (select from outcomes) then (clock_timestamp() at time zone 'UTC')::date + 1 end
    from pg_control_system()`.execute(db)
  await sql`
    create function slipway_epoch() returns int language plpgsql
    security definer set search_path to public, pg_temp as $$
    declare
      here text := (select system_identifier::text from pg_control_system());
      newest evidence_epochs;
    begin
      select * into newest from evidence_epochs order by epoch desc limit 1;
      if newest.system_identifier <> here then
        perform pg_advisory_xact_lock(7071);
        select * into newest from evidence_epochs order by epoch desc limit 1;
        if newest.system_identifier <> here then
          insert into evidence_epochs (epoch, system_identifier) values (newest.epoch + 1, here) returning * into newest;
        end if;
      end if;
      return newest.epoch;
    end $$`.execute(db)
}
