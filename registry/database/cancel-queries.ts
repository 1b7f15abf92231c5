/**
 * Cancels the query that runs for a caller that has stopped waiting. PostgreSQL continues a query whose client gave up:
 * the next attempt would start beside it, and both would hold a connection (docs/decisions/116).
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

const signals = new AsyncLocalStorage<AbortSignal>()

/** Each query of `work` fails with the signal's reason once that is aborted. */
export const cancelQueriesWith = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  signals.run(signal, work)

/** Not the settings of a connection and the ends of a transaction: without them it could not be used again. */
const MAY_BE_CANCELLED = /^\s*(select|insert|with|update|delete|lock)\b/i

/**
 * @param databaseUrl for the connection that cancels: all of the pool may be in use
 * @param answerMs a connection that has not answered for so long is closed, and its query fails. Without it one on
 *   which nothing arrives any more would stay in the pool, and the pool would run out of connections
 */
export function cancellable(pool: pg.Pool, databaseUrl: string, answerMs?: number): PostgresPool {
  // Kysely prepares a connection when it sees its client for the first time.
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const wrapped = known.get(client) ?? wrap(client, databaseUrl, answerMs)
      known.set(client, wrapped)
      return wrapped
    },
    end: () => pool.end(),
  }
}

function wrap(client: pg.PoolClient, databaseUrl: string, answerMs: number | undefined): PostgresPoolClient {
  const answered = async (text: string, values: unknown[]) => {
    if (answerMs === undefined) return client.query(text, values)
    const late = setTimeout(() => closeConnection(client), answerMs)
    try {
      return await client.query(text, values)
    } finally {
      clearTimeout(late)
    }
  }
  const query = async (text: string, values: unknown[]) => {
    const signal = signals.getStore()
    if (!signal || !MAY_BE_CANCELLED.test(text)) return answered(text, values)
    signal.throwIfAborted()
    let cancelling: Promise<void> | undefined
    const cancel = () => {
      cancelling = cancelQueryOf(client, databaseUrl)
    }
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await answered(text, values)
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', cancel)
      // Before the connection is used by another one, whose query would be cancelled.
      await cancelling
    }
  }
  return Object.assign(Object.create(client), { query })
}

/** Not `end`, which would wait for the server to say goodbye. */
const closeConnection = ({ connection }: pg.PoolClient): void => {
  connection.stream.destroy()
}

async function cancelQueryOf(client: pg.PoolClient, databaseUrl: string): Promise<void> {
  const other = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 })
  other.on('error', () => {})
  try {
    await other.connect()
    await other.query('select pg_cancel_backend($1)', [Reflect.get(client, 'processID')])
  } catch {
    // Out of reach: the statement time-out ends the query.
  } finally {
    await other.end().catch(() => {})
  }
}
