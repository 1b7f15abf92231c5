import { type Kysely, sql } from 'kysely'
import { forbidChange } from '../../append-only.js'

/**
 * `decision_days`: the day on which a decision was written, partitioned by month, so that prune can drop it.
 * `run_days`: the days on which decisions of a run, or labels of its decisions, were written; for labels of unknown
 * decisions the days of the project.
 */
export async function createLookups(db: Kysely<never>): Promise<void> {
  await sql`
    create table decision_days (
      project text not null,
      decision_id text not null,
      workflow_id text not null,
      written_day date not null,
      primary key (decision_id, project, written_day)
    ) partition by range (written_day)`.execute(db)
  await sql`
    create table run_days (
      project text not null,
      workflow_id text not null,
      rows_of text not null check (rows_of in ('decisions', 'outcomes', 'early_labels')),
      written_day date not null,
      primary key (project, workflow_id, rows_of, written_day)
    )`.execute(db)
  await forbidChange(db, 'decision_days')
  await forbidChange(db, 'run_days')
  await sql`
    create function slipway_open_month(day date) returns void language plpgsql
    security definer set search_path to public, pg_temp as $$
    declare
      part text := 'decision_days_' || to_char(day, 'YYYYMM');
    begin
      if to_regclass(part) is not null then return; end if;
      if to_regclass('decisions_' || to_char(day, 'YYYYMMDD')) is null then
        raise exception 'no day of % exists', part using errcode = 'invalid_parameter_value';
      end if;
      lock table decision_days in share update exclusive mode;
      if to_regclass(part) is not null then return; end if;
      execute format('create table %I (like decision_days including defaults including constraints)', part);
      execute format('create trigger %I before truncate on %I for each statement execute function slipway_refuse_change()',
        part || '_no_truncate', part);
      execute format('alter table decision_days attach partition %I for values from (%L) to (%L)', part,
        date_trunc('month', day)::date, (date_trunc('month', day) + interval '1 month')::date);
    end $$`.execute(db)
}

/** Outcomes of before have no run, so their days are not listed: they are searched by the day of their decision. */
export async function fillLookups(db: Kysely<never>): Promise<void> {
  await sql`select slipway_open_month(day) from (select distinct written_day as day from decisions) days`.execute(db)
  await sql`
    insert into decision_days (project, decision_id, workflow_id, written_day)
    select project, decision_id, workflow_id, written_day from decisions`.execute(db)
  await sql`
    insert into run_days (project, workflow_id, rows_of, written_day)
    select distinct project, workflow_id, 'decisions', written_day from decisions
    union all select distinct project, '', 'early_labels', written_day from early_labels`.execute(db)
}

/** Triggers, so that no writer can forget the lookups. Sorted, so that two writers cannot wait for each other. */
export async function keepLookups(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_list_decisions() returns trigger language plpgsql as $$
    declare
      day date;
    begin
      for day in select distinct written_day from added loop
        if to_regclass('decision_days_' || to_char(day, 'YYYYMM')) is null then
          perform slipway_open_month(day);
        end if;
      end loop;
      insert into decision_days (project, decision_id, workflow_id, written_day)
      select project, decision_id, workflow_id, written_day from added;
      insert into run_days (project, workflow_id, rows_of, written_day)
      select distinct project, workflow_id, 'decisions', written_day from added order by 1, 2, 4
      on conflict do nothing;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger decisions_listed after insert on decisions referencing new table as added
    for each statement execute function slipway_list_decisions()`.execute(db)
  await sql`
    create function slipway_list_labels() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'early_labels' then
        insert into run_days (project, workflow_id, rows_of, written_day)
        select distinct project, '', 'early_labels', written_day from added order by 1, 4
        on conflict do nothing;
      else
        insert into run_days (project, workflow_id, rows_of, written_day)
        select distinct project, workflow_id, 'outcomes', written_day from added
        where workflow_id is not null order by 1, 2, 4
        on conflict do nothing;
      end if;
      return null;
    end $$`.execute(db)
  for (const table of ['outcomes', 'early_labels'])
    await sql`
      create trigger ${sql.raw(`${table}_listed`)} after insert on ${sql.table(table)} referencing new table as added
      for each statement execute function slipway_list_labels()`.execute(db)
}
