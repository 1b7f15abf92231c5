import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../embedded/postgres.js'

/** A real PostgreSQL of its own in a temporary folder. */
export async function testDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'slipway-pg-'))
  // Root's server runs as another account, and would put its data elsewhere, to stay there, if it could not enter.
  chmodSync(home, 0o755)
  const postgres = await startPostgres({ home, onProgress: () => {} })
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
