/** What the test files of one run share lives in a temporary folder, and ends with the run. */
import { rmSync } from 'node:fs'
import { openHome } from './homes.js'
import { SHARED_FOLDER } from './shared-folder.js'
import { stopSharedPostgres } from './shared-postgres.js'

export default function setup(): () => Promise<void> {
  const folder = openHome('shared')
  process.env[SHARED_FOLDER] = folder
  return async () => {
    await stopSharedPostgres(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}
