/**
 * Finished runs in the ledgers of several projects, made inside the database. The entries have correct hashes and go
 * through the triggers as any others; their bodies have the sizes of real ones.
 */
import type pg from 'pg'

export interface LedgerShape {
  readonly projects: number
  /** Over all projects. */
  readonly runs: number
  /** Runs that an earlier call built. */
  readonly from?: number
  /** Looks of a run. */
  readonly looks: number
  /** Characters of the body of a look. */
  readonly lookSize: number
}

export async function buildLedger(owner: pg.Client, shape: LedgerShape): Promise<void> {
  await owner.query(APPEND.replace('create', 'create or replace'))
  await owner.query(RUN.replace('create', 'create or replace'))
  const clock = { eventStart: 0, wallStart: 0, speed: 1 }
  const policy = { schema: 'slipway.policy/1', labelHorizon: '1d', lookEvery: '1d', deadline: '14d', extendBy: '7d' }
  const input = { clock, policy: { ...policy, maxExtensions: 1, probation: { lasts: '3d' } }, trigger: {} }
  for (let run = shape.from ?? 0; run < shape.runs; run += 1) {
    const project = `p${run % shape.projects}`
    await owner.query('select pg_temp.growth_run($1, $2, $3, $4, $5)', [
      project,
      1 + Math.floor(run / shape.projects),
      shape.looks,
      shape.lookSize,
      JSON.stringify(input),
    ])
  }
  await owner.query('analyze chain_entries, runs, notice_cursors, deliveries')
}

const APPEND = `
  create function pg_temp.growth_append(of_project text, of_kind text, of_subject text, of_key text, of_body text)
  returns void language plpgsql as $$
  declare
    head chain_heads;
    instant timestamptz(3) := clock_timestamp();
    text_of text;
  begin
    select * into head from chain_heads where project = of_project;
    text_of := '{"at":"' || to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","body":' || to_json(of_body)
      || ',"key":' || to_json(of_key) || ',"kind":' || to_json(of_kind) || ',"prev":' || coalesce(to_json(head.hash)::text, 'null')
      || ',"project":' || to_json(of_project) || ',"seq":' || (coalesce(head.seq, 0) + 1) || ',"subject":' || to_json(of_subject) || '}';
    insert into chain_entries (project, seq, kind, subject, key, body, at, prev_hash, hash)
    values (of_project, coalesce(head.seq, 0) + 1, of_kind, of_subject, of_key, of_body, instant, head.hash,
      'sha256:' || encode(sha256(convert_to(text_of, 'UTF8')), 'hex'));
  end $$`

const RUN = `
  create function pg_temp.growth_run(of_project text, number int, looks int, size int, input text)
  returns void language plpgsql as $$
  declare
    run text := 'release/' || of_project || '/grown-' || number;
    release text := of_project || '_v' || number;
    digest text := 'sha256:' || encode(sha256(convert_to(run, 'UTF8')), 'hex');
    append constant text := 'select pg_temp.growth_append($1, $2, $3, $4, $5)';
    entry text[];
  begin
    execute append using of_project, 'trigger', run, run || ':trigger', input;
    foreach entry slice 1 in array array[
      ['snapshot', run, 'snapshot', json_build_object('digest', digest, 'workflowId', run)::text],
      ['training_run', run, 'training:1', json_build_object('artifact', digest)::text],
      ['release', release, 'release', json_build_object('digest', digest, 'manifest', json_build_object('model',
        json_build_object('artifact', digest)), 'workflowId', run)::text],
      ['evaluation', run, 'evaluation:1', json_build_object('releaseId', release, 'production', of_project || '_v1',
        'decision', 'canary_open', 'report', json_build_object(
        'metrics', json_build_object('candidate', json_build_object('loss', 0.1), 'production', json_build_object('loss', 0.2))))::text],
      ['lane', run, 'lane', json_build_object('releaseId', release, 'workflowId', run)::text],
      ['alias_move', 'canary', 'canary:open', json_build_object('alias', 'canary', 'from', null, 'to', release,
        'actor', run, 'reason', 'canary_open', 'workflowId', run, 'evidence', null)::text]] loop
      execute append using of_project, entry[1], entry[2], run || ':' || entry[3], entry[4];
    end loop;
    for look in 1..looks loop
      execute append using of_project, 'judgement', run,
        run || ':canary:look:' || to_char(date '2026-01-01' + look, 'YYYY-MM-DD') || 'T00:00:00.000Z:' || digest,
        json_build_object('judgement', json_build_object('action', 'continue', 'reason', 'inconclusive'),
          'cohorts', json_build_array(), 'padding', repeat('x', size), 'phase', 'canary')::text;
    end loop;
    foreach entry slice 1 in array array[
      ['alias_move', 'production', 'promote', json_build_object('alias', 'production',
        'from', (select body::jsonb ->> 'to' from chain_entries where project = of_project and kind = 'alias_move'
          and subject = 'production' order by seq desc limit 1), 'to', release, 'actor', run,
        'reason', 'better', 'workflowId', run, 'evidence', null)::text],
      ['alias_move', 'canary', 'canary:close', json_build_object('alias', 'canary', 'from', release, 'to', null, 'actor', run,
        'reason', 'better', 'workflowId', run, 'evidence', null)::text],
      ['verdict', run, 'verdict', json_build_object('releaseId', release, 'verdict', 'promoted', 'reason', 'better',
        'workflowId', run)::text]] loop
      execute append using of_project, entry[1], entry[2], run || ':' || entry[3], entry[4];
    end loop;
  end $$`
