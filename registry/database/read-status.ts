import { sql } from 'kysely'
import type { RegistryStatus } from '../registry.js'
import { APP_ROLE, type Database } from './connect.js'

/** The actual user of the connection, as the server reports it. */
export async function readStatus(db: Database): Promise<RegistryStatus> {
  const { rows } = await sql<{ user: string; version: string }>`
    select current_user as "user", current_setting('server_version') as version`.execute(db)
  const { user = '', version = '' } = rows[0] ?? {}
  return { roles: user === APP_ROLE, user, serverVersion: version }
}
