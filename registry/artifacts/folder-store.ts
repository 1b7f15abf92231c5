/** Artifacts in a local or mounted folder. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sha256 } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import { keyOf, missing, requireDigest, unreadable } from './artifact-digest.js'
import type { ArtifactStore } from './artifact-store.js'

const READ_ONLY = 0o444

export interface FolderStore extends ArtifactStore {
  /** @returns the digest of the bytes */
  putStream(chunks: AsyncIterable<Uint8Array>): Promise<string>
}

export function createFolderStore(folder: string): FolderStore {
  const root = resolve(folder)

  const locate = (digest: string): string => join(root, ...keyOf(digest).split('/'))

  const put = async (chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> => {
    const temporary = join(root, 'tmp', randomUUID())
    await mkdir(dirname(temporary), { recursive: true })
    try {
      const digest = await writeAll(temporary, chunks)
      const final = locate(digest)
      await mkdir(dirname(final), { recursive: true })
      // Rename also replaces a damaged file, and a process that reads the old file can finish reading it.
      await rename(temporary, final)
      await syncFolder(dirname(final))
      return digest
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  const path = async (digest: string): Promise<string> => {
    const file = locate(digest)
    const hash = createHash('sha256')
    await reading(digest, async () => {
      for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
    })
    requireDigest(digest, `sha256:${hash.digest('hex')}`)
    return file
  }

  return {
    putStream: put,
    putFile: (source) => put(bytesOf(source)),
    putBytes: (bytes) => put([bytes]),
    async get(digest) {
      const file = locate(digest)
      const bytes = await reading(digest, () => readFile(file))
      requireDigest(digest, sha256(bytes))
      return bytes
    },
    path,
    verify: async (digest) => void (await path(digest)),
    async size(digest) {
      const file = locate(digest)
      return reading(digest, async () => (await stat(file)).size).catch((error: unknown) => {
        if (error instanceof SlipwayError && error.type === 'ArtifactMismatch') return null
        throw error
      })
    },
    async remove(digest) {
      const file = locate(digest)
      await rm(file, { force: true })
      await syncFolder(dirname(file)).catch(() => {})
    },
  }
}

/** Opened on the first read: a stream that fails without a listener would end the process. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file) as AsyncIterable<Buffer>
}

/** Writes and syncs the bytes and hashes what it writes: the source file may change meanwhile. */
async function writeAll(file: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  const handle: FileHandle = await open(file, 'wx')
  try {
    for await (const chunk of chunks) {
      hash.update(chunk)
      await handle.writeFile(chunk)
    }
    await handle.chmod(READ_ONLY)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return `sha256:${hash.digest('hex')}`
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function reading<T>(digest: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw missing(digest)
    throw unreadable(digest, message, error)
  }
}
