import { type Kysely, type Migration, sql } from 'kysely'

/** The segments of a decision, by name; null where its run has none (docs/decisions/193). */
export const segments: Migration = {
  async up(db: Kysely<never>) {
    await sql`alter table decisions add column segments text[]`.execute(db)
    await replaceLogDecisions(db)
  },
}

/** As in migration 0006. */
const BY_KEY = sql`set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off`

/** As in migration 0006, and the segments. */
async function replaceLogDecisions(db: Kysely<never>): Promise<void> {
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
        expected_loss, input, input_digest, bucket, weight, stale, written_day, written_epoch, segments)
      select r.project, r.id, r.workflow, r.release, r.arm, r.source, r.entity, r.at, r.output, r.action,
        r.expected, r.input, r.digest, r.bucket, r.weight, r.stale, day, this_epoch, r.segments
      from json_to_recordset(rows) as r(project text, id text, workflow text, release text, arm text, source text, entity text,
        at timestamptz, output jsonb, action text, expected double precision, input jsonb, digest text, bucket int, weight int,
        stale boolean, fresh boolean, segments text[])
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
