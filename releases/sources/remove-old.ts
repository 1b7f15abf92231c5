import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const KEPT_MS = 24 * 3_600_000

/** Removes what processes that were killed have left in a folder, a day after it was used last. */
export async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const known = await stat(path).catch(() => undefined)
    if (known && known.mtimeMs < Date.now() - KEPT_MS) await rm(path, { recursive: true, force: true }).catch(() => {})
  }
}
