import { type Kysely, sql } from 'kysely'

/**
 * The partitions of a new day have no statistics, and a scan of the whole of them would look cheap: it is read once per
 * row. Every join of these functions is the lookup of a key.
 */
const BY_KEY = sql`set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off`

/** As in migration 0002, and the month of the day. */
export async function replaceOpenDay(db: Kysely<never>): Promise<void> {
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
      perform slipway_open_month(day);
    end $$`.execute(db)
}

/**
 * As in migration 0002, but an id is searched in the lookup. `execute` plans with the days as constants: only their
 * partitions are opened.
 */
export async function replaceLogDecisions(db: Kysely<never>): Promise<void> {
  await sql`
    create or replace function slipway_log_decisions(rows json) returns json language plpgsql ${BY_KEY} as $$
    declare
      day date := slipway_writing_day();
      this_epoch int := slipway_epoch();
      added int;
      days date[];
      stored json;
    begin
      insert into decisions (project, decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action,
        expected_loss, input, input_digest, bucket, weight, stale, written_day, written_epoch)
      select r.project, r.id, r.workflow, r.release, r.arm, r.source, r.entity, r.at, r.output, r.action,
        r.expected, r.input, r.digest, r.bucket, r.weight, r.stale, day, this_epoch
      from json_to_recordset(rows) as r(project text, id text, workflow text, release text, arm text, source text, entity text,
        at timestamptz, output jsonb, action text, expected double precision, input jsonb, digest text, bucket int, weight int, stale boolean, fresh boolean)
      left join lateral (
        select true as found from decision_days i
        where not r.fresh and i.decision_id = r.id and i.project = r.project
          -- The lookup keeps the ids of dropped days until their month ends; such an id may be used again.
          and to_regclass('decisions_' || to_char(i.written_day, 'YYYYMMDD')) is not null limit 1) known on true
      where known.found is null
      on conflict do nothing;
      get diagnostics added = row_count;
      select array_agg(distinct i.written_day) into days
      from json_to_recordset(rows) as r(project text, id text, fresh boolean)
      join decision_days i on i.decision_id = r.id and i.project = r.project
      where not r.fresh;
      if days is not null then
        execute $q$
          select json_agg(json_build_object('project', d.project, 'id', d.decision_id, 'release', d.release_id, 'arm', d.arm,
            'output', d.output, 'action', d.action, 'digest', d.input_digest))
          from json_to_recordset($1) as r(project text, id text, fresh boolean)
          join decisions d on d.decision_id = r.id and d.project = r.project and d.written_day = any($2)
          where not r.fresh$q$ into stored using rows, days;
      end if;
      return json_build_object('added', added, 'stored', stored);
    end $$`.execute(db)
}

/** As in migration 0002, and each label carries the run of its decision; empty when there is none. */
export async function logOutcomes(db: Kysely<never>): Promise<void> {
  // The days on which labels of these decisions may have been written; null, for any day, when a decision is unknown.
  await sql`
    create function slipway_label_days(of_project text, ids text[]) returns date[] language plpgsql stable ${BY_KEY} as $$
    declare
      oldest date;
      runs text[];
      known int;
      unkeyed date := (select labels_without_run_until from evidence_epochs where epoch = 1);
    begin
      select min(i.written_day), array_agg(distinct i.workflow_id), count(distinct i.decision_id)
      into oldest, runs, known
      from decision_days i where i.project = of_project and i.decision_id = any(ids);
      if known < (select count(distinct id) from unnest(ids) as id) then return null; end if;
      return array(
        select written_day from run_days
        where project = of_project and workflow_id = any(runs) and rows_of = 'outcomes' and written_day >= oldest
        union select oldest + ahead from generate_series(0, unkeyed - oldest) as ahead);
    end $$`.execute(db)
  await sql`
    create or replace function slipway_log_outcomes(of_project text, rows json) returns int language plpgsql ${BY_KEY} as $$
    declare
      day date := slipway_writing_day();
      this_epoch int := slipway_epoch();
      days date[] := slipway_label_days(of_project, array(select r.id from json_to_recordset(rows) as r(id text)));
      added int;
    begin
      execute $q$
        insert into outcomes (project, decision_id, version, label, loss, observed_at, written_day, written_epoch, workflow_id)
        select $1, r.id, r.version, r.label, r.loss, r.at, $3, $4,
          coalesce((select i.workflow_id from decision_days i where i.decision_id = r.id and i.project = $1
            order by i.written_day desc limit 1), '')
        from json_to_recordset($2) as r(id text, version int, label jsonb, loss double precision, at timestamptz)
        left join lateral (
          select true as found from outcomes o
          where o.decision_id = r.id and o.project = $1 and o.version = r.version
            and ($5 is null or o.written_day = any($5)) limit 1) known on true
        where known.found is null
        on conflict do nothing$q$ using of_project, rows, day, this_epoch, days;
      get diagnostics added = row_count;
      return added;
    end $$`.execute(db)
}
