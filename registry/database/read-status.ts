import { sql } from 'kysely'
import type { RegistryStatus } from '../registry.js'
import { APP_ROLE, type Database } from './connect.js'

/** What the connection really is, not what it was meant to be. */
export async function readStatus(db: Database): Promise<RegistryStatus> {
  const { rows } = await sql<{ user: string; version: string }>`
    select current_user as "user", current_setting('server_version') as version`.execute(db)
  const { user = '', version = '' } = rows[0] ?? {}
  return { roles: user === APP_ROLE, user, serverVersion: version }
}
