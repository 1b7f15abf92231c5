import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { SlipwayError } from '../../contracts/failure.js'
import { cancellable } from './cancel-queries.js'
import type { Tables } from './tables.js'

export type Database = Kysely<Tables>

const CONNECT_TIMEOUT_MS = 5_000
const KEEP_ALIVE_MS = 10_000
/** The server ends a statement after its time-out: later its answer is lost. */
const ANSWER_LOST_FACTOR = 1.2
export const APP_ROLE = 'slipway_app'

/** `host:port/database` for messages, without the password. @throws SlipwayError BadRequest on a malformed URL */
export function addressOf(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError(url.protocol)
    const host = url.hostname || url.searchParams.get('host') || 'localhost'
    return `${host}:${url.port || url.searchParams.get('port') || '5432'}${url.pathname}`
  } catch {
    // The text may contain a password, so the message does not repeat it.
    throw new SlipwayError(
      'BadRequest',
      'SLIPWAY_DATABASE_URL is malformed; write it as postgres://user:password@host:port/database',
    )
  }
}

export interface Connecting {
  readonly role: string | null
  readonly size: number
  /** Longest time of one statement; unlimited when absent. */
  readonly statementMs?: number
}

/** A pool of connections that use `role`, or the URL's user when it is null. */
export function connect(databaseUrl: string, { role, size, statementMs }: Connecting): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'slipway',
    // A server whose machine is gone sends nothing, and a query that waits for it sends nothing either.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  })
  // Without a listener the loss of an idle connection would end the process; the next query opens a new one or fails.
  pool.on('error', () => {})
  // The same for a connection that is lost between two statements of its user.
  pool.on('connect', (client) => client.on('error', () => {}))
  const prepare = [
    // pg_temp last: otherwise a temporary table could replace a table of the registry.
    'set search_path to public, pg_temp',
    // The driver reads instants in this form only, and a database or a user may be set to another.
    'set datestyle to iso',
    // By a statement, because a pooler between the two may refuse it as a parameter of the connection.
    ...(statementMs === undefined ? [] : [`set statement_timeout to ${statementMs}`]),
    ...(role === null ? [] : [`set role ${role}`]),
  ]
  return new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: cancellable(pool, databaseUrl, statementMs === undefined ? undefined : statementMs * ANSWER_LOST_FACTOR),
      onCreateConnection: async (connection: DatabaseConnection) => {
        for (const statement of prepare) await connection.executeQuery(CompiledQuery.raw(statement))
      },
    }),
  })
}
