/**
 * The role of services: it may only insert and select. Roles are global to the server, so another process may create it
 * too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { APP_ROLE, type Database } from './connect.js'

const INSUFFICIENT_PRIVILEGE = '42501'
/** Errors when another process creates or grants the same at the same time. */
const RACED = new Set(['42710', '23505', 'XX000', '40001'])
const ATTEMPTS = 20

const role = sql.raw(APP_ROLE)

/** With the first one a process that may not change tables can check whether they fit its build. */
const READ = ['kysely_migration', 'chain_heads', 'evidence_epochs', 'runs']
const APPENDED = [
  'chain_entries',
  'decisions',
  'outcomes',
  'early_labels',
  'deliveries',
  'decision_days',
  'run_days',
  'notice_cursors',
  'housekeeping_cursors',
  'finished_days',
]
const ADVANCED = ['notice_cursors', 'housekeeping_cursors']
const list = (tables: readonly string[]) => sql.join(tables.map((name) => sql.table(name)))

/** @returns whether this connection's user may use the role; false when it may not create it */
export async function ensureAppRole(db: Database): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeRole(db)
      await grantTables(db)
      return true
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === INSUFFICIENT_PRIVILEGE) return false
      if (!code || !RACED.has(code) || attempt === ATTEMPTS) throw error
      await sleep(10 * attempt)
    }
  }
}

async function makeRole(db: Database): Promise<void> {
  const { rows } = await sql`select 1 from pg_roles where rolname = ${APP_ROLE}`.execute(db)
  if (rows.length === 0) await sql`create role ${role} nologin`.execute(db)
  const may = await sql<{ may: boolean }>`select pg_has_role(current_user, ${APP_ROLE}, 'member') as may`.execute(db)
  if (!may.rows[0]?.may) await sql`grant ${role} to current_user`.execute(db)
}

async function grantTables(db: Database): Promise<void> {
  const granted = await sql<{ done: boolean }>`
    select bool_and(has_table_privilege(${APP_ROLE}, name, 'select')) as done
    from unnest(${[...READ, ...APPENDED]}::text[]) as name`.execute(db)
  if (granted.rows[0]?.done) return
  await sql`grant usage on schema public to ${role}`.execute(db)
  await sql`grant select on ${list(READ)} to ${role}`.execute(db)
  await sql`grant select, insert on ${list(APPENDED)} to ${role}`.execute(db)
  await sql`grant update on ${list(ADVANCED)} to ${role}`.execute(db)
}
