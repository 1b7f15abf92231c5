import { type Kysely, type Migration, sql } from 'kysely'

/**
 * How far the workers' work without a command has come, so that a worker which starts continues there. And only the
 * parent of partitions is locked when a partition is added: `lock table` alone locks every stored day too.
 */
export const housekeepingCursors: Migration = {
  async up(db: Kysely<never>) {
    await createCursors(db)
    await replaceOpenDay(db)
    await replaceOpenMonth(db)
  },
}

async function createCursors(db: Kysely<never>): Promise<void> {
  await sql`
    create table housekeeping_cursors (
      step text primary key,
      through timestamptz(3) not null
    )`.execute(db)
  await sql`create index on runs (newest_at) where verdict is not null`.execute(db)
}

/** As in migration 0006, with a lock on the parent only. */
async function replaceOpenDay(db: Kysely<never>): Promise<void> {
  await sql`
    create or replace function slipway_open_day(day date) returns void language plpgsql
    security definer set search_path to public, pg_temp as $$
    declare
      parent text;
      part text;
    begin
      if day < (clock_timestamp() at time zone 'UTC')::date - 1 or day > (clock_timestamp() at time zone 'UTC')::date + 1 then
        raise exception 'day % is neither today nor tomorrow', day using errcode = 'invalid_parameter_value';
      end if;
      -- A lock on a table, not an advisory one: only then is what another session just made seen by name.
      lock table only decisions in share update exclusive mode;
      foreach parent in array array['decisions', 'outcomes', 'early_labels'] loop
        part := parent || '_' || to_char(day, 'YYYYMMDD');
        continue when to_regclass(part) is not null;
        -- Attached afterwards: making it as a partition at once would stop every reader and writer of the table.
        execute format('create table %I (like %I including defaults including constraints)', part, parent);
        execute format('create trigger %I before truncate on %I for each statement execute function slipway_refuse_change()',
          part || '_no_truncate', part);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, day, day + 1);
      end loop;
      perform slipway_open_month(day);
    end $$`.execute(db)
}

/** As in migration 0006, with a lock on the parent only. */
async function replaceOpenMonth(db: Kysely<never>): Promise<void> {
  await sql`
    create or replace function slipway_open_month(day date) returns void language plpgsql
    security definer set search_path to public, pg_temp as $$
    declare
      part text := 'decision_days_' || to_char(day, 'YYYYMM');
    begin
      if to_regclass(part) is not null then return; end if;
      if to_regclass('decisions_' || to_char(day, 'YYYYMMDD')) is null then
        raise exception 'no day of % exists', part using errcode = 'invalid_parameter_value';
      end if;
      lock table only decision_days in share update exclusive mode;
      if to_regclass(part) is not null then return; end if;
      execute format('create table %I (like decision_days including defaults including constraints)', part);
      execute format('create trigger %I before truncate on %I for each statement execute function slipway_refuse_change()',
        part || '_no_truncate', part);
      execute format('alter table decision_days attach partition %I for values from (%L) to (%L)', part,
        date_trunc('month', day)::date, (date_trunc('month', day) + interval '1 month')::date);
    end $$`.execute(db)
}
