import { Migrator, sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import type { Database } from './connect.js'
import { migrations } from './migrations/index.js'

const MINIMUM_VERSION = 150_000

/** Brings the database up to date. Several processes may do so at once: the Migrator takes an advisory lock. */
export async function migrate(db: Database): Promise<void> {
  await requireVersion(db)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

async function requireVersion(db: Database): Promise<void> {
  const { rows } = await sql<{ number: string; name: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as name`.execute(db)
  const [server] = rows
  if (server && Number(server.number) < MINIMUM_VERSION) {
    throw new SlipwayError('BadRequest', `the registry needs PostgreSQL 15 or newer; this server is ${server.name}`)
  }
}
