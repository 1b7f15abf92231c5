/** Artifacts: files named by the sha256 of their bytes, written once, checked before every use. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../../contracts/canonical.js'
import { createFolderStore } from './folder.js'
import { createS3Store } from './s3.js'

export interface ArtifactStore {
  /** @returns the digest, `sha256:…`. Putting the same bytes again is harmless, also at the same time. */
  putFile(path: string): Promise<string>
  putBytes(bytes: Uint8Array): Promise<string>
  /** @throws SlipwayError ArtifactMismatch when the bytes are missing or are not those of the digest */
  get(digest: string): Promise<Uint8Array>
  /** Where the bytes lie on this machine, after checking them. */
  path(digest: string): Promise<string>
  verify(digest: string): Promise<void>
  /** Bytes, without checking them; null when it is not there. */
  size(digest: string): Promise<number | null>
  /** Only retention may: what the chain names and does not say was dropped must be there. Harmless when it is gone. */
  remove(digest: string): Promise<void>
}

/**
 * @param location a folder, or `s3://bucket/prefix`: then the usual AWS_* variables name endpoint, region and keys, and what
 *   is asked for as a file is kept below the machine's temporary folder
 * @throws SlipwayError BadRequest when the location or its keys are malformed or missing
 */
export function createArtifactStore(location: string): ArtifactStore {
  if (!location.startsWith('s3://')) return createFolderStore(location)
  const near = join(tmpdir(), `slipway-artifacts-${digestOf(location).slice('sha256:'.length, 'sha256:'.length + 12)}`)
  return createS3Store(location, createFolderStore(near))
}
