import { rmSync } from 'node:fs'
import { startPostgres } from '../../embedded/postgres-server.js'
import { openHome } from './homes.js'

/** A real PostgreSQL of its own in a temporary folder. */
export async function testDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const home = openHome('pg')
  const postgres = await startPostgres({ home, onProgress: () => {} })
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
