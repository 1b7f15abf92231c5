import { type Kysely, type Migration, sql } from 'kysely'
import { forbidChange } from '../append-only.js'
import { createIsOfRun, createRunAfter } from './0007-runs/run-after.js'
import { createRuns, fillRuns, keepRuns } from './0007-runs/run-table.js'

/**
 * What would otherwise be computed from every entry of the ledger again and again: a row for each run, where each
 * receiver of notices has arrived, and which days are closed completely (docs/decisions/120).
 */
export const runs: Migration = {
  async up(db: Kysely<never>) {
    await createRuns(db)
    await createIsOfRun(db)
    await createRunAfter(db)
    await fillRuns(db)
    await keepRuns(db)
    await createCursors(db)
    await createFinishedDays(db)
    await createIndexes(db)
  },
}

/** A cursor may only advance: what was delivered stays delivered. */
async function createCursors(db: Kysely<never>): Promise<void> {
  await sql`
    create table notice_cursors (
      receiver text not null,
      project text not null,
      seq bigint not null,
      primary key (receiver, project)
    )`.execute(db)
  await sql`
    create function slipway_only_advances() returns trigger language plpgsql as $$
    begin
      if new.seq < old.seq then return null; end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger notice_cursors_advance before update on notice_cursors
    for each row execute function slipway_only_advances()`.execute(db)
}

/** Days whose closings are all recorded: no row can be written on them any more. */
async function createFinishedDays(db: Kysely<never>): Promise<void> {
  await sql`create table finished_days (written_day date primary key)`.execute(db)
  await forbidChange(db, 'finished_days')
}

/** For questions whose answer is one entry, however many the ledger has. */
async function createIndexes(db: Kysely<never>): Promise<void> {
  await sql`create index on chain_entries (subject) where kind = 'release'`.execute(db)
  await sql`create index on chain_entries (project, seq) where kind = 'release'`.execute(db)
  await sql`
    create index on chain_entries (workflow_id, seq)
    where kind in ('trigger', 'clock', 'canary_step', 'verdict')`.execute(db)
  await sql`create index on chain_entries (project, key text_pattern_ops) where kind = 'judgement'`.execute(db)
  await sql`
    create function slipway_digests(body text) returns text[] language sql immutable strict parallel safe as $$
      select array(select distinct m[1] from regexp_matches(body, 'sha256:[0-9a-f]{64}', 'g') m)
    $$`.execute(db)
  await sql`
    create index on chain_entries using gin (slipway_digests(body))
    where kind in ('release', 'snapshot', 'training_run', 'dropped')`.execute(db)
}
