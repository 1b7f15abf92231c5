/**
 * Local copies of remote artifacts, in a folder that several processes share. What was used longest ago is removed when
 * the folder is larger than its bound, but nothing that was used within a day: a training may still read it.
 */
import { type Dirent, existsSync } from 'node:fs'
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { missing } from './artifact-digest.js'
import { createFolderStore, type FolderStore } from './folder-store.js'

const IN_USE_MS = 24 * 3_600_000

export interface ArtifactCache {
  /** Path of the checked local copy. @throws SlipwayError ArtifactMismatch when there is none, or a damaged one */
  path(digest: string): Promise<string>
  /** @returns the digest of what was added */
  add(chunks: AsyncIterable<Uint8Array>): Promise<string>
  remove(digest: string): Promise<void>
}

export function createBoundedCache(folder: string, maxBytes: number): ArtifactCache {
  const store: FolderStore = createFolderStore(folder)
  return {
    async path(digest) {
      const file = await store.path(digest)
      const now = new Date()
      // The time of last use is that of the file: access times are often not kept.
      await utimes(file, now, now).catch((error: NodeJS.ErrnoException) => {
        // Another process has removed it since it was read.
        throw error.code === 'ENOENT' ? missing(digest) : error
      })
      return file
    },
    async add(chunks) {
      const digest = await store.putStream(chunks)
      await shrink(join(folder, 'sha256'), maxBytes)
      return digest
    },
    remove: (digest) => store.remove(digest),
  }
}

async function shrink(folder: string, maxBytes: number): Promise<void> {
  const files = (await filesIn(folder)).sort((a, b) => a.usedAt - b.usedAt)
  let bytes = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size, usedAt } of files) {
    if (bytes <= maxBytes || usedAt > Date.now() - IN_USE_MS) return
    await rm(path, { force: true })
    bytes -= size
  }
}

interface CachedFile {
  readonly path: string
  readonly size: number
  readonly usedAt: number
}

async function filesIn(folder: string): Promise<CachedFile[]> {
  if (!existsSync(folder)) return []
  const items: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = items
    .filter((item) => item.isFile())
    .map(async (item): Promise<CachedFile[]> => {
      const path = join(item.parentPath ?? item.path, item.name)
      // Another process may just remove it.
      const known = await stat(path).catch(() => undefined)
      return known ? [{ path, size: known.size, usedAt: known.mtimeMs }] : []
    })
  return (await Promise.all(found)).flat()
}
