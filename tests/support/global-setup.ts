/** What the test files of one run share lives in a temporary folder, and ends with the run. */
import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { openHome } from './homes.js'
import { SHARED_FOLDER } from './shared-folder.js'
import { killSharedPostgres, stopSharedPostgres } from './shared-postgres.js'
import { forgetBundle } from './workflow-bundle.js'

/** Process id of the run that made the folder. */
const OWNER = 'SLIPWAY_TEST_SHARED_BY'

export default function setup(project: TestProject): () => Promise<void> {
  // Projects of one run share it as well. A run that is started by a test has its own.
  const { [OWNER]: owner, [SHARED_FOLDER]: present } = process.env
  if (present !== undefined && owner === String(process.pid)) {
    project.onTestsRerun(() => forgetBundle(present))
    return async () => {}
  }
  const folder = openHome('shared')
  process.env[SHARED_FOLDER] = folder
  process.env[OWNER] = String(process.pid)
  project.onTestsRerun(() => forgetBundle(folder))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  // On Ctrl-C and SIGTERM Vitest exits without a teardown.
  const interrupted = () => {
    killSharedPostgres(folder)
    remove()
  }
  process.once('exit', interrupted)
  return async () => {
    process.off('exit', interrupted)
    await stopSharedPostgres(folder)
    remove()
  }
}
