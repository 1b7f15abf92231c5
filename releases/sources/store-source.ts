/**
 * Stores a user's data as one artifact, a tar of its files, so that a worker on another machine reads it by its digest.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { SlipwayError } from '../../contracts/failure.js'
import { SOURCES_SUBJECT, sourceKey } from '../../contracts/ledger/index.js'
import { requireFittingName } from '../../contracts/limits.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'
import { collectFiles } from './collect-files.js'
import { removeOld } from './remove-old.js'
import { packed } from './tar-file.js'

interface Needs {
  readonly registry: Pick<Registry, 'ledger'>
  readonly artifacts: Pick<ArtifactStore, 'putFile' | 'size'>
  /** A folder for unfinished files. */
  readonly workFolder: string
}

export interface SourceToStore {
  readonly project: string
  readonly path: string
  readonly by: string
  /** Bytes. */
  readonly most: number
}

export interface StoredSource {
  readonly project: string
  /** What `release start --snapshot` takes. */
  readonly snapshot: string
  readonly name: string
  readonly files: number
  readonly bytes: number
}

/** @throws SlipwayError BadRequest when it cannot be stored; then nothing is recorded */
export async function storeSource(needs: Needs, { project, path, by, most }: SourceToStore): Promise<StoredSource> {
  requireFittingName('by', by)
  const { registry, artifacts, workFolder } = needs
  const { name, files, bytes } = await collectFiles(path, most).catch(asRequest)
  const packing = join(workFolder, 'packing')
  await mkdir(packing, { recursive: true })
  await removeOld(packing)
  const folder = await mkdtemp(join(packing, 'source-'))
  try {
    const archive = join(folder, 'source.tar')
    await pipeline(packed(files), createWriteStream(archive)).catch(asRequest)
    const artifact = await artifacts.putFile(archive)
    await registry.ledger.append({
      project,
      kind: 'source',
      subject: SOURCES_SUBJECT,
      // Each time an entry: retention counts from the newest.
      key: sourceKey(artifact, randomUUID()),
      body: { artifact, name, files: files.length, bytes, by },
    })
    // Retention may have removed the same bytes just before; from the entry on it does not.
    if ((await artifacts.size(artifact)) === null) await artifacts.putFile(archive)
    return { project, snapshot: artifact, name, files: files.length, bytes }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is wrong with the data is here wrong with the request. */
export function asRequest(error: unknown): never {
  if (error instanceof SlipwayError && error.type === 'BadData') throw new SlipwayError('BadRequest', error.message)
  throw error
}
