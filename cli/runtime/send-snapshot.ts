/** Sends data to a decision service, which checks and stores them. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { collectFiles } from '../../releases/sources/collect-files.js'
import { mostSourceBytes } from '../../releases/sources/limits.js'
import { asRequest, type StoredSource } from '../../releases/sources/store-source.js'
import { packed } from '../../releases/sources/tar-file.js'
import { callServer } from './call-server.js'

interface Sent {
  readonly project: string
  readonly path: string
  readonly cutoff: string | undefined
  readonly by: string | undefined
}

export async function sendSnapshot(server: string, { project, path, cutoff, by }: Sent): Promise<StoredSource> {
  const { files } = await collectFiles(path, mostSourceBytes()).catch(asRequest)
  const folder = await mkdtemp(join(tmpdir(), 'slipway-send-'))
  try {
    const isFolder = (await stat(path)).isDirectory()
    const file = isFolder ? join(folder, 'snapshot.tar') : resolve(path)
    if (isFolder) await pipeline(packed(files), createWriteStream(file)).catch(asRequest)
    const type = isFolder ? 'application/x-tar' : 'application/octet-stream'
    const query = { name: basename(resolve(path)), ...(cutoff ? { cutoff } : {}), ...(by ? { by } : {}) }
    const content = { type, length: (await stat(file)).size, body: createReadStream(file) }
    return await callServer<StoredSource>(server, ['v1', 'projects', project, 'snapshots'], content, query)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
