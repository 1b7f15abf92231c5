/**
 * Databases for tests. Most tests need one with the registry's schema and nothing else of a server: they get it as a
 * copy of a template on the server that all test files share. A test that stops, kills or configures the server, or
 * that creates or changes roles, starts one of its own: roles belong to the whole server.
 */
import { rmSync } from 'node:fs'
import { startPostgres } from '../../embedded/postgres-server.js'
import { openHome } from './homes.js'
import type { Restartable } from './restartable.js'
import { createTestDatabase } from './shared-postgres.js'

export interface TestDatabase {
  /** As a superuser. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * A database with the schema of this build. Outside a test run, where there is no shared server, on a server of its
 * own.
 */
export async function testDatabase(): Promise<TestDatabase> {
  return (await createTestDatabase()) ?? ownServer()
}

/** A PostgreSQL server of its own in a temporary folder, without any table. */
export async function ownServer(): Promise<TestDatabase & Restartable> {
  const home = openHome('pg')
  const start = () => startPostgres({ home, onProgress: () => {} })
  // Each start is a user of the server, which stops with its last user.
  const starts = [await start()]
  const url = starts[0]?.url ?? ''
  return {
    url,
    pid: () => starts.at(-1)?.pid ?? 0,
    async restart() {
      const again = await start()
      starts.push(again)
      if (again.url !== url) throw new Error(`the database came back at ${new URL(again.url).host}`)
    },
    async stop() {
      for (const one of starts) await one.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
