/** Finds Chromium on this machine. On a build machine Debian's package is installed when it is missing. */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Progress } from '../../embedded/progress.js'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const run = promisify(execFile)

export async function findChromium(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [process.env.SLIPWAY_CHROMIUM ?? '', ...folders.flatMap((f) => NAMES.map((name) => join(f, name)))]
  for (const file of candidates.filter((file) => file !== '')) {
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file
  }
  return undefined
}

/**
 * Installs only on a build machine. Elsewhere a test run does not change the system, and tests that need a browser are
 * skipped.
 */
export async function provideChromium(onProgress: Progress): Promise<void> {
  if (!process.env.CI || (await findChromium())) return
  onProgress('installing Chromium for the screenshots of docs/operating.md')
  try {
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
  } catch (error) {
    onProgress(
      `Chromium could not be installed (${(error as Error).message.split('\n')[0]}); tests that need it will fail`,
    )
  }
}
