/** Prometheus' own checker of rules. On a build machine it is taken out of Debian's package, which is not installed. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { cacheFolder } from '../../embedded/cache-folder.js'
import type { Progress } from '../../embedded/progress.js'
import { run } from '../../embedded/run-command.js'
import { isExecutable } from '../../embedded/temporal-binary.js'

const cached = () => join(cacheFolder(), 'bin', 'promtool')

export async function findPromtool(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const file of [...folders.map((folder) => join(folder, 'promtool')), cached()])
    if (await isExecutable(file)) return file
  return undefined
}

/** Elsewhere a test run downloads nothing for it, and the check by Prometheus is skipped. */
export async function providePromtool(onProgress: Progress): Promise<void> {
  if (!process.env.CI || (await findPromtool())) return
  onProgress('promtool: download of the package prometheus, 19 MB, once …')
  await mkdir(join(cacheFolder(), 'bin'), { recursive: true })
  const folder = await mkdtemp(join(cacheFolder(), 'promtool-'))
  try {
    // As root, apt would hand the download to a user who may not write into the folder.
    const script = `apt-get update -qq && apt-get -o APT::Sandbox::User=root download -qq prometheus &&
      dpkg-deb --fsys-tarfile prometheus_*.deb | tar x ./usr/bin/promtool`
    const ran = await run('sh', ['-c', script], { cwd: folder, env: process.env, timeoutMs: 5 * 60_000 })
    if (!ran.ok) throw new Error(ran.reason)
    await rename(join(folder, 'usr/bin/promtool'), cached())
  } catch (error) {
    onProgress(`promtool could not be provided (${(error as Error).message}); the test that needs it will fail`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
