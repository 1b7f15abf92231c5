/** What the test files of one run share lives in a temporary folder, and ends with the run. */
import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { openHome } from './homes.js'
import { SHARED_FOLDER } from './shared-folder.js'
import { stopSharedPostgres } from './shared-postgres.js'
import { forgetBundle } from './workflow-bundle.js'

export default function setup(project: TestProject): () => Promise<void> {
  const folder = openHome('shared')
  process.env[SHARED_FOLDER] = folder
  project.onTestsRerun(() => forgetBundle(folder))
  return async () => {
    await stopSharedPostgres(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}
