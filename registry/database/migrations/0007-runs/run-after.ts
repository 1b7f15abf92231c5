import { type Kysely, sql } from 'kysely'

/** Other entries, and alias moves outside any run, have no row. */
export async function createIsOfRun(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_is_of_run(entry chain_entries) returns boolean language sql immutable as $$
      select entry.kind not in ('schedule', 'condition', 'day_closed', 'dropped')
        and (entry.kind <> 'alias_move' or entry.body::jsonb ->> 'workflowId' is not null)
    $$`.execute(db)
}

/**
 * The row of a run after one more entry. The stage is the furthest reached within the current opening of the canary:
 * a run that was reset in Temporal appends entries of stages that it had passed. An opening ends when its canary is
 * closed, and the next evaluation begins another one.
 */
export async function createRunAfter(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_run_after(run runs, entry chain_entries) returns runs language plpgsql immutable as $$
    declare
      stages constant text[] := array['validating', 'training', 'evaluating', 'awaiting_canary', 'canary', 'probation', 'done'];
      document constant jsonb := entry.body::jsonb;
      opens constant boolean := entry.kind = 'alias_move' and entry.subject = 'canary' and document ->> 'to' is not null;
      closes constant boolean := entry.kind = 'alias_move' and entry.subject = 'canary' and document ->> 'to' is null;
      reached text := case
        when entry.kind = 'verdict' then 'done'
        when entry.kind in ('canary_step', 'judgement') and document ->> 'phase' = 'probation' then 'probation'
        when entry.kind = 'alias_move' and entry.subject = 'production' then 'probation'
        when entry.kind in ('clock', 'canary_step', 'judgement', 'alias_move') then 'canary'
        when entry.kind in ('evaluation', 'decision_offline', 'lane') then 'awaiting_canary'
        when entry.kind = 'release' then 'evaluating'
        when entry.kind in ('snapshot', 'training_run') then 'training'
        else 'validating'
      end;
    begin
      if run.workflow_id is null then
        run.project := entry.project;
        run.workflow_id := entry.workflow_id;
        run.started_at := entry.at;
        run.stage := 'validating';
        run.ended := false;
        run.aborted := false;
        run.canary_opened := false;
        run.canary_closed := false;
      end if;
      run.newest_seq := entry.seq;
      run.newest_at := entry.at;
      run.release_id := coalesce(
        case entry.kind when 'release' then entry.subject else document ->> 'releaseId' end, run.release_id);
      if entry.kind = 'trigger' then run.trigger_seq := entry.seq; end if;
      if entry.kind = 'evaluation' and run.stage = 'canary' and run.canary_closed then
        run.stage := reached;
        run.canary_closed := false;
      elsif array_position(stages, reached) > array_position(stages, run.stage) then
        run.stage := reached;
      end if;
      if opens then run.canary_closed := false; end if;
      if closes then run.canary_closed := true; end if;
      if opens then run.canary_opened := true; end if;
      if opens or entry.kind = 'lane' then run.lane_seq := coalesce(run.lane_seq, entry.seq); end if;
      if entry.kind = 'verdict' then
        run.ended := true;
        run.verdict := document ->> 'verdict';
        run.reason := document ->> 'reason';
      elsif entry.kind = 'approval' then
        run.asked_at := case document ->> 'state' when 'asked' then entry.at end;
        run.asked_reason := case document ->> 'state' when 'asked' then document ->> 'reason' end;
      elsif entry.kind = 'judgement' and document #>> '{judgement,action}' = 'pause' then
        run.paused_at := entry.at;
        run.paused_why := document #>> '{judgement,reason}';
      elsif entry.kind = 'operator_action' and document ->> 'accepted' = 'true' then
        if document ->> 'action' = 'pause' then
          run.paused_at := entry.at;
          run.paused_why := 'by ' || (document ->> 'by');
        elsif document ->> 'action' = 'resume' then
          run.paused_at := null;
          run.paused_why := null;
        elsif document ->> 'action' = 'abort' then
          run.aborted := true;
        end if;
      end if;
      return run;
    end $$`.execute(db)
}
