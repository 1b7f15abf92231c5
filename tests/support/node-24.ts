/** Node.js 24, which the image runs on. The tests themselves run on the oldest version that is supported. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../../embedded/cache-folder.js'
import type { Progress } from '../../embedded/progress.js'
import { run } from '../../embedded/run-command.js'
import { isExecutable } from '../../embedded/temporal-binary.js'

/** As in the Dockerfile. */
export const NODE_24 = '24.11.1'

const PACKAGE = `node-${process.platform}-${process.arch}`
const cached = () => join(cacheFolder(), 'bin', `node-${NODE_24}`)

export async function findNode24(): Promise<string | undefined> {
  if (process.version.startsWith('v24.')) return process.execPath
  return (await isExecutable(cached())) ? cached() : undefined
}

/** Elsewhere a test run downloads nothing for it, and the test on it is skipped. */
export async function provideNode24(onProgress: Progress): Promise<void> {
  if (!process.env.CI || (await findNode24())) return
  onProgress(`Node.js ${NODE_24}: download, once …`)
  await mkdir(join(cacheFolder(), 'bin'), { recursive: true })
  const folder = await mkdtemp(join(cacheFolder(), 'node-24-'))
  try {
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${PACKAGE}@${NODE_24}`]
    const ran = await run('npm', args, { cwd: folder, env: process.env, timeoutMs: 5 * 60_000 })
    if (!ran.ok) throw new Error(ran.reason)
    await rename(join(folder, 'node_modules', PACKAGE, 'bin/node'), cached())
  } catch (error) {
    onProgress(`Node.js ${NODE_24} could not be provided (${(error as Error).message}); the test on it will fail`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
