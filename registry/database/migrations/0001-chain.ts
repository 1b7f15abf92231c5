import { type Kysely, type Migration, sql } from 'kysely'
import { createRefusal, forbidChange } from '../append-only.js'

/**
 * The ledger: one append-only table for everything that explains a decision. `workflow_id` is a generated column, so
 * that all entries of a run are one index range although releases and alias moves have other subjects.
 */
async function createEntries(db: Kysely<never>): Promise<void> {
  await sql`
    create table chain_entries (
      project text not null,
      seq bigint not null check (seq > 0),
      kind text not null,
      subject text not null,
      key text not null,
      body text not null,
      at timestamptz(3) not null,
      prev_hash text,
      hash text not null,
      workflow_id text not null generated always as (coalesce(body::jsonb ->> 'workflowId', subject)) stored,
      primary key (project, seq),
      unique (project, key),
      check ((seq = 1) = (prev_hash is null))
    )`.execute(db)
  await sql`create index on chain_entries (project, kind, subject, seq)`.execute(db)
  await sql`create index on chain_entries (workflow_id, seq)`.execute(db)
  await sql`
    create index on chain_entries ((body::jsonb ->> 'digest')) where kind in ('release', 'snapshot')`.execute(db)
}

/**
 * The newest sequence number and hash of each project, maintained by a trigger: so removed newest rows are detected,
 * and an entry can only follow the newest one. Even the owner can write here only through an insert into the ledger.
 */
async function createHeads(db: Kysely<never>): Promise<void> {
  await sql`
    create table chain_heads (project text primary key, seq bigint not null, hash text not null)`.execute(db)
  await sql`
    create function slipway_advance_head() returns trigger language plpgsql
    security definer set search_path to public, pg_temp as $$
    begin
      if new.seq = 1 then
        insert into chain_heads (project, seq, hash) values (new.project, 1, new.hash);
      else
        update chain_heads set seq = new.seq, hash = new.hash
        where project = new.project and seq = new.seq - 1 and hash = new.prev_hash;
        if not found then
          raise exception 'entry % of % does not follow the newest one', new.seq, new.project
            using errcode = 'restrict_violation';
        end if;
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger chain_entries_head after insert on chain_entries
    for each row execute function slipway_advance_head()`.execute(db)
  await sql`
    create function slipway_only_through_chain() returns trigger language plpgsql as $$
    begin
      if pg_trigger_depth() < 2 then
        raise exception 'chain_heads follows chain_entries: % is refused', lower(tg_op) using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger chain_heads_follows before insert or update on chain_heads
    for each row execute function slipway_only_through_chain()`.execute(db)
  await sql`
    create trigger chain_heads_stays before delete on chain_heads
    for each row execute function slipway_refuse_change()`.execute(db)
  await sql`
    create trigger chain_heads_no_truncate before truncate on chain_heads
    for each statement execute function slipway_refuse_change()`.execute(db)
}

export const chain: Migration = {
  async up(db: Kysely<never>) {
    await createRefusal(db)
    await createEntries(db)
    await forbidChange(db, 'chain_entries')
    await createHeads(db)
  },
}
