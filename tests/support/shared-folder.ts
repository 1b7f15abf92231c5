/**
 * The folder of what the test files of one run share, created by the global setup and known by an environment variable.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../../embedded/process-lock.js'

/** Child processes inherit it. */
export const SHARED_FOLDER = 'SLIPWAY_TEST_SHARED'

/** Undefined outside a test run. */
export const sharedFolder = (): string | undefined => process.env[SHARED_FOLDER]

/**
 * Makes a file of the shared folder when it is first needed: by one process, while others wait.
 * @param make must create the file as its last step
 */
export async function madeOnce(folder: string, name: string, make: (file: string) => Promise<void>): Promise<string> {
  const file = join(folder, name)
  if (existsSync(file)) return file
  await withLock(
    `${file}.lock`,
    () => {},
    async () => {
      if (!existsSync(file)) await make(file)
    },
  )
  return file
}
