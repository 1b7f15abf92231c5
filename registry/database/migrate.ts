import { Migrator, sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import type { Database } from './connect.js'
import { migrations } from './migrations/all-migrations.js'

const MINIMUM_VERSION = 150_000

/** Migrates the database to this build. Several processes may do so at once: the Migrator takes an advisory lock. */
export async function migrate(db: Database): Promise<void> {
  await requireVersion(db)
  await refuseNewer(db)
  // A build may have a migration whose number is below one that another build has applied already.
  const allowUnorderedMigrations = true
  const migrator = new Migrator({ db, allowUnorderedMigrations, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/**
 * Whether this connection's user may change the tables: as their owner, or, when there are none, as a user who may
 * create them. Other users need `slipway registry migrate` to be run first.
 */
export async function mayMigrate(db: Database): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select coalesce(
      (select pg_has_role(tableowner, 'usage') from pg_tables where schemaname = 'public' and tablename = 'chain_entries'),
      has_schema_privilege('public', 'create')) as may`.execute(db)
  return rows[0]?.may === true
}

/** @throws SlipwayError BadRequest naming the missing migrations, when the tables are older than this build */
export async function requireMigrated(db: Database): Promise<void> {
  const done = await migrationsDone(db)
  const missing = Object.keys(migrations).filter((name) => !done.has(name))
  if (missing.length === 0) return
  throw new SlipwayError(
    'BadRequest',
    `the registry database lacks the migrations ${missing.join(', ')}, and this user may not change its tables; run as their owner: slipway registry migrate`,
  )
}

/**
 * The owner of the tables would migrate them; a build that does not know what a newer one did must not. Other users may
 * still read and append: migrations only add.
 */
async function refuseNewer(db: Database): Promise<void> {
  const newer = [...(await migrationsDone(db))].filter((name) => !(name in migrations)).sort()
  if (newer.length === 0) return
  throw new SlipwayError(
    'BadRequest',
    `the registry database has the migrations ${newer.join(', ')} of a newer build, which this one does not know; use that build or a newer one, or run as a user who does not own the tables (docs/upgrading.md)`,
  )
}

async function migrationsDone(db: Database): Promise<ReadonlySet<string>> {
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(db).then(
    ({ rows }) => rows.map(({ name }) => name),
    (error: unknown) => {
      // The table does not exist, or this user may not read it: the migration grants that.
      if (['42P01', '42501'].includes((error as { code?: string }).code ?? '')) return []
      throw error
    },
  )
  return new Set(done)
}

async function requireVersion(db: Database): Promise<void> {
  const { rows } = await sql<{ number: string; name: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as name`.execute(db)
  const [server] = rows
  if (server && Number(server.number) < MINIMUM_VERSION) {
    throw new SlipwayError('BadRequest', `the registry needs PostgreSQL 15 or newer; this server is ${server.name}`)
  }
}
