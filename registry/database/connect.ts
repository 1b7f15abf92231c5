import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { SlipwayError } from '../../contracts/failure.js'
import type { Tables } from './tables.js'

export type Database = Kysely<Tables>

const CONNECT_TIMEOUT_MS = 5_000
export const APP_ROLE = 'slipway_app'

/** `host:port/database` for people: never the password. @throws SlipwayError BadRequest on a malformed URL */
export function addressOf(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError(url.protocol)
    const host = url.hostname || url.searchParams.get('host') || 'localhost'
    return `${host}:${url.port || url.searchParams.get('port') || '5432'}${url.pathname}`
  } catch {
    // The text itself may hold a password: it is not repeated.
    throw new SlipwayError(
      'BadRequest',
      'SLIPWAY_DATABASE_URL is malformed; write postgres://user:password@host:port/database',
    )
  }
}

/** A pool of connections that speak as `role`, or as the URL's user when it is null. */
export function connect(databaseUrl: string, { role, size }: { role: string | null; size: number }): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'slipway',
  })
  // An idle connection's death would end the process otherwise; the next query opens a new one or fails by itself.
  pool.on('error', () => {})
  // The same for one that dies while it is taken out and between two statements.
  pool.on('connect', (client) => client.on('error', () => {}))
  const prepare = [
    // pg_temp last: else a temporary table could stand in for one of ours.
    'set search_path to public, pg_temp',
    ...(role === null ? [] : [`set role ${role}`]),
  ]
  return new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection: DatabaseConnection) => {
        for (const statement of prepare) await connection.executeQuery(CompiledQuery.raw(statement))
      },
    }),
  })
}
