import { type Kysely, sql } from 'kysely'

export async function createRuns(db: Kysely<never>): Promise<void> {
  await sql`
    create table runs (
      project text not null,
      workflow_id text not null,
      started_at timestamptz(3) not null,
      newest_seq bigint not null,
      newest_at timestamptz(3) not null,
      trigger_seq bigint,
      release_id text,
      stage text not null,
      ended boolean not null,
      verdict text,
      reason text,
      aborted boolean not null,
      lane_seq bigint,
      canary_opened boolean not null,
      canary_closed boolean not null,
      asked_at timestamptz(3),
      asked_reason text,
      paused_at timestamptz(3),
      paused_why text,
      primary key (workflow_id, project)
    )`.execute(db)
  await sql`create index on runs (project, started_at, workflow_id) where trigger_seq is not null`.execute(db)
  await sql`create index on runs (started_at, project, workflow_id) where trigger_seq is not null`.execute(db)
  await sql`create index on runs (started_at, project, workflow_id) where trigger_seq is not null and not ended`.execute(
    db,
  )
  await sql`create index on runs (project, lane_seq) where lane_seq is not null and not ended`.execute(db)
  await sql`create index on runs (project, release_id)`.execute(db)
}

/** Each run is written once, when its last entry was read: the ledger may be long. */
export async function fillRuns(db: Kysely<never>): Promise<void> {
  await sql`
    do $$
    declare
      run runs;
      entry chain_entries;
    begin
      for entry in select e.* from chain_entries e where slipway_is_of_run(e) order by e.workflow_id, e.project, e.seq loop
        if run.workflow_id is not null and (run.workflow_id, run.project) <> (entry.workflow_id, entry.project) then
          insert into runs select run.*;
          run := null;
        end if;
        run := slipway_run_after(run, entry);
      end loop;
      if run.workflow_id is not null then insert into runs select run.*; end if;
    end $$`.execute(db)
}

/** A trigger, so that no writer of the ledger can forget it, also one of an earlier build. */
export async function keepRuns(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_keep_run() returns trigger language plpgsql
    security definer set search_path to public, pg_temp as $$
    declare
      entry chain_entries := new;
      run runs;
    begin
      if not slipway_is_of_run(entry) then return null; end if;
      select * into run from runs where workflow_id = entry.workflow_id and project = entry.project;
      if not found then
        insert into runs select (slipway_run_after(null, entry)).*;
        return null;
      end if;
      run := slipway_run_after(run, entry);
      update runs set (newest_seq, newest_at, trigger_seq, release_id, stage, ended, verdict, reason, aborted,
          lane_seq, canary_opened, canary_closed, asked_at, asked_reason, paused_at, paused_why)
        = (run.newest_seq, run.newest_at, run.trigger_seq, run.release_id, run.stage, run.ended, run.verdict, run.reason,
          run.aborted, run.lane_seq, run.canary_opened, run.canary_closed, run.asked_at, run.asked_reason, run.paused_at,
          run.paused_why)
      where workflow_id = run.workflow_id and project = run.project;
      return null;
    end $$`.execute(db)
  // As for the heads: a user who may execute it could attach it to a table of his own.
  await sql`revoke execute on function slipway_keep_run() from public`.execute(db)
  await sql`
    create trigger chain_entries_run after insert on chain_entries
    for each row execute function slipway_keep_run()`.execute(db)
  await sql`
    create function slipway_runs_follow() returns trigger language plpgsql as $$
    begin
      if pg_trigger_depth() < 2 then
        raise exception 'runs follows chain_entries: % is refused', lower(tg_op) using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger runs_follow before insert or update on runs
    for each row execute function slipway_runs_follow()`.execute(db)
  await sql`
    create trigger runs_stay before delete on runs for each row execute function slipway_refuse_change()`.execute(db)
  await sql`
    create trigger runs_no_truncate before truncate on runs
    for each statement execute function slipway_refuse_change()`.execute(db)
}
