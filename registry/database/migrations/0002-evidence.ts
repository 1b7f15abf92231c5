import { type Kysely, type Migration, sql } from 'kysely'
import { forbidChange } from '../append-only.js'

/**
 * What the judge reads (docs/decisions/001), partitioned by the UTC day of writing (docs/decisions/095). No foreign key
 * between the two: a label may come before its decision is written. `written_xid` lets a verdict cite the database
 * snapshot it used.
 */
export const evidence: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      create table decisions (
        project text not null,
        decision_id text not null,
        workflow_id text not null,
        release_id text not null,
        arm text not null,
        source text not null check (source in ('replay', 'live', 'forced')),
        entity_hash text not null,
        event_at timestamptz(3) not null,
        output jsonb not null,
        action text not null,
        expected_loss double precision,
        input jsonb,
        input_digest text,
        bucket int,
        weight int,
        stale boolean not null,
        written_day date not null,
        written_at timestamptz not null default clock_timestamp(),
        written_xid xid8 not null default pg_current_xact_id(),
        primary key (decision_id, project, written_day)
      ) partition by range (written_day)`.execute(db)
    await sql`create index on decisions (project, workflow_id, event_at)`.execute(db)
    await sql`
      create table outcomes (
        project text not null,
        decision_id text not null,
        version int not null check (version > 0),
        label jsonb not null,
        loss double precision not null,
        observed_at timestamptz(3) not null,
        written_day date not null,
        written_at timestamptz not null default clock_timestamp(),
        written_xid xid8 not null default pg_current_xact_id(),
        primary key (decision_id, project, version, written_day)
      ) partition by range (written_day)`.execute(db)
    // Labels of unknown decisions: kept separately, and used when the decision arrives.
    await sql`
      create table early_labels (
        project text not null,
        decision_id text not null,
        label jsonb not null,
        observed_at timestamptz(3) not null,
        written_day date not null,
        written_at timestamptz not null default clock_timestamp(),
        primary key (decision_id, project, label, observed_at, written_day)
      ) partition by range (written_day)`.execute(db)
    for (const table of ['decisions', 'outcomes', 'early_labels']) await forbidChange(db, table)
    await openDay(db)
    await writingDay(db)
    await logDecisions(db)
    await logOutcomes(db)
  },
}

/**
 * Runs with the owner's rights, because services may not create tables; limited to the days around today for safety.
 */
async function openDay(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_open_day(day date) returns void language plpgsql
    security definer set search_path to public, pg_temp as $$
    declare
      parent text;
      part text;
    begin
      if day < (clock_timestamp() at time zone 'UTC')::date - 1 or day > (clock_timestamp() at time zone 'UTC')::date + 1 then
        raise exception 'day % is neither today nor tomorrow', day using errcode = 'invalid_parameter_value';
      end if;
      -- A lock on a table, not an advisory one: only then is what another session just made seen by name.
      lock table decisions in share update exclusive mode;
      foreach parent in array array['decisions', 'outcomes', 'early_labels'] loop
        part := parent || '_' || to_char(day, 'YYYYMMDD');
        continue when to_regclass(part) is not null;
        -- Attached afterwards: making it as a partition at once would stop every reader and writer of the table.
        execute format('create table %I (like %I including defaults including constraints)', part, parent);
        execute format('create trigger %I before truncate on %I for each statement execute function slipway_refuse_change()',
          part || '_no_truncate', part);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, day, day + 1);
      end loop;
    end $$`.execute(db)
}

/**
 * The day that the rows of this transaction belong to, by the database's clock only. Its shared lock is held until the
 * end of the transaction, and a day is closed under the exclusive lock: so no row is written into a closed day. In the
 * first minute of a day a writer also waits for writers of the day before, because an id must be unique over all days
 * and the primary key checks its own day only.
 */
async function writingDay(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_writing_day() returns date language plpgsql as $$
    declare
      day date;
    begin
      loop
        day := (clock_timestamp() at time zone 'UTC')::date;
        perform pg_advisory_xact_lock_shared(7070, day - date '2000-01-01');
        exit when day = (clock_timestamp() at time zone 'UTC')::date;
      end loop;
      if (clock_timestamp() at time zone 'UTC')::time < time '00:01' then
        perform pg_advisory_xact_lock(7070, day - 1 - date '2000-01-01');
      end if;
      if to_regclass('decisions_' || to_char(day, 'YYYYMMDD')) is null then
        perform slipway_open_day(day);
      end if;
      return day;
    end $$`.execute(db)
}

/**
 * One call per batch. Rows with an id chosen by the caller are first searched in all days; their stored rows are
 * returned, so that a repeated id gets the same answer. @returns {added, stored}
 */
async function logDecisions(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_log_decisions(rows json) returns json language plpgsql as $$
    declare
      day date := slipway_writing_day();
      added int;
    begin
      insert into decisions (project, decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action,
        expected_loss, input, input_digest, bucket, weight, stale, written_day)
      select r.project, r.id, r.workflow, r.release, r.arm, r.source, r.entity, r.at, r.output, r.action,
        r.expected, r.input, r.digest, r.bucket, r.weight, r.stale, day
      from json_to_recordset(rows) as r(project text, id text, workflow text, release text, arm text, source text, entity text,
        at timestamptz, output jsonb, action text, expected double precision, input jsonb, digest text, bucket int, weight int, stale boolean, fresh boolean)
      where r.fresh or not exists (
        select from decisions d where d.decision_id = r.id and d.project = r.project)
      on conflict do nothing;
      get diagnostics added = row_count;
      return json_build_object('added', added, 'stored', (
        select json_agg(json_build_object('project', d.project, 'id', d.decision_id, 'release', d.release_id, 'arm', d.arm,
          'output', d.output, 'action', d.action, 'digest', d.input_digest))
        from json_to_recordset(rows) as r(project text, id text, fresh boolean)
        join decisions d on d.decision_id = r.id and d.project = r.project
        where not r.fresh));
    end $$`.execute(db)
}

/** A version that exists already is not changed. @returns how many were new */
async function logOutcomes(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_log_outcomes(of_project text, rows json) returns int language plpgsql as $$
    declare
      day date := slipway_writing_day();
      added int;
    begin
      insert into outcomes (project, decision_id, version, label, loss, observed_at, written_day)
      select of_project, r.id, r.version, r.label, r.loss, r.at, day
      from json_to_recordset(rows) as r(id text, version int, label jsonb, loss double precision, at timestamptz)
      where not exists (
        select from outcomes o where o.decision_id = r.id and o.project = of_project and o.version = r.version)
      on conflict do nothing;
      get diagnostics added = row_count;
      return added;
    end $$`.execute(db)
}
