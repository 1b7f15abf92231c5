/** The `temporal` program: from PATH, else from the cache, else downloaded by the SDK, else built with Go. */
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { cacheFolder } from './cache-folder.js'
import { firstThatWorks } from './first-that-works.js'
import { withLock } from './process-lock.js'
import { type Progress, seconds, silent, whileWaiting } from './progress.js'
import { run } from './run-command.js'
import { sdkDownload } from './sdk-download.js'

/** Later versions cannot be built with `go install`: their go.mod contains replace directives. */
const MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'
const BUILD_LIMIT_MS = 20 * 60_000
const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal'

const cachedPath = (): string => join(cacheFolder(), 'bin', FILE)

/** Path of a Temporal binary. Downloads or builds it when there is none; the build takes about two minutes. */
export async function findTemporalBinary(onProgress: Progress = silent, signal?: AbortSignal): Promise<string> {
  const present = await locateTemporalBinary()
  if (present) return present
  const fetch = () =>
    firstThatWorks(
      'the Temporal server',
      [
        { name: 'PATH and cache', attempt: presentByNow },
        { name: 'SDK download', attempt: () => download(onProgress, signal) },
        { name: 'go install', attempt: () => build(onProgress, signal) },
      ],
      'put `temporal` on PATH, install Go, or set TEMPORAL_ADDRESS to a running server',
      signal,
    )
  return withLock(join(cacheFolder(), 'temporal.lock'), onProgress, fetch, signal)
}

/** The binary that is present already; undefined when `findTemporalBinary` would have to download or build it. */
export async function locateTemporalBinary(): Promise<string | undefined> {
  const onPath = await programOnPath(FILE)
  if (onPath && (await hasServer(onPath))) return onPath
  return (await isExecutable(cachedPath())) ? cachedPath() : undefined
}

export async function programOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder && (await isExecutable(join(folder, name)))) return join(folder, name)
  }
  return undefined
}

export const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

/** Another program may have this name, and the first releases of `temporal` had no dev server. */
async function hasServer(path: string): Promise<boolean> {
  const ran = await run(path, ['--version'], { timeoutMs: 10_000 })
  return ran.ok && /\bserver\b/i.test(ran.output)
}

/** Checked again under the lock: the process that held the lock before may have stored it. */
async function presentByNow(): Promise<string> {
  const path = await locateTemporalBinary()
  if (!path) throw new SlipwayError('Unavailable', 'not found')
  return path
}

async function download(onProgress: Progress, signal?: AbortSignal): Promise<string> {
  return whileWaiting(onProgress, 'Temporal server: downloading it with the SDK', () =>
    sdkDownload('dev-server', cachedPath(), signal),
  )
}

async function build(onProgress: Progress, signal?: AbortSignal): Promise<string> {
  const bin = join(cacheFolder(), 'bin')
  await mkdir(bin, { recursive: true })
  const folder = await mkdtemp(join(bin, 'build-'))
  const begun = Date.now()
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder }
    const ran = await whileWaiting(
      onProgress,
      'Temporal server: building it with Go (about two minutes, first start only)',
      () => run('go', ['install', MODULE], { env, timeoutMs: BUILD_LIMIT_MS, signal }),
    )
    if (!ran.ok) throw new SlipwayError('Unavailable', ran.reason)
    await rename(join(folder, FILE), cachedPath())
    onProgress(`Temporal server: built in ${seconds(Date.now() - begun)}`)
    return cachedPath()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
