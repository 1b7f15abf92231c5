import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below a folder. Links are not followed; files deleted meanwhile count as 0. */
export async function folderSize(folder: string): Promise<number> {
  const items = await readdir(folder, { withFileTypes: true }).catch(ifGone([]))
  let size = 0
  for (const item of items) {
    const path = join(folder, item.name)
    size += item.isDirectory() ? await folderSize(path) : ((await lstat(path).catch(ifGone(undefined)))?.size ?? 0)
  }
  return size
}

const ifGone =
  <Value>(value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT') return value
    throw error
  }
