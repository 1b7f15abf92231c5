import { type Kysely, type Migration, sql } from 'kysely'
import { forbidChange } from '../append-only.js'

/** What the judge reads (design.md §9.1). No foreign key between the two: a label may come before its decision is written. */
export const evidence: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      create table decisions (
        project text not null,
        decision_id text not null,
        workflow_id text not null,
        release_id text not null,
        arm text not null,
        entity_hash text not null,
        event_at timestamptz(3) not null,
        output jsonb not null,
        action text not null,
        written_at timestamptz not null default now(),
        primary key (project, decision_id)
      )`.execute(db)
    await sql`create index on decisions (project, workflow_id, event_at)`.execute(db)
    await sql`
      create table outcomes (
        project text not null,
        decision_id text not null,
        version int not null check (version > 0),
        label jsonb not null,
        loss double precision not null,
        observed_at timestamptz(3) not null,
        written_at timestamptz not null default now(),
        primary key (project, decision_id, version)
      )`.execute(db)
    await forbidChange(db, 'decisions')
    await forbidChange(db, 'outcomes')
  },
}
