import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../contracts/failure.js'
import { run } from './run-command.js'

const CHILD = fileURLToPath(new URL('./sdk-download-child.js', import.meta.url))
const LIMIT_MS = 180_000

/**
 * Downloads a server with the Temporal SDK and stores it at `target`.
 * @throws SlipwayError Unavailable with the SDK's reason
 */
export async function sdkDownload(
  kind: 'dev-server' | 'time-skipping',
  target: string,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(dirname(target), { recursive: true })
  const folder = await mkdtemp(join(dirname(target), 'download-'))
  try {
    const ran = await run(process.execPath, [CHILD, kind, folder], { timeoutMs: LIMIT_MS, signal })
    if (!ran.ok) throw new SlipwayError('Unavailable', innerCause(ran.reason))
    const [file] = await readdir(folder)
    if (!file) throw new SlipwayError('Unavailable', 'the SDK downloaded no file')
    await chmod(join(folder, file), 0o755)
    await rename(join(folder, file), target)
    return target
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The SDK repeats its long address with every cause; only the last cause helps the reader. */
const innerCause = (reason: string): string => reason.split(': ').slice(-2).join(': ')
