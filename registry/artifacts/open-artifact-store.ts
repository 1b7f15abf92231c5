import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../../contracts/canonical.js'
import type { ArtifactStore } from './artifact-store.js'
import { createFolderStore } from './folder-store.js'
import { createS3Store } from './s3-store.js'

/**
 * @param location a folder, or `s3://bucket/prefix`. For S3 the usual AWS_* variables name endpoint, region and keys,
 * and local copies are cached below the machine's temporary folder
 * @throws SlipwayError BadRequest when the location or its keys are malformed or missing
 */
export function createArtifactStore(location: string): ArtifactStore {
  if (!location.startsWith('s3://')) return createFolderStore(location)
  const name = digestOf(location).slice('sha256:'.length, 'sha256:'.length + 12)
  return createS3Store(location, createFolderStore(join(tmpdir(), `slipway-artifacts-${name}`)))
}
