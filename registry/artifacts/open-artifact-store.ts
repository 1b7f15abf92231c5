import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../../contracts/canonical.js'
import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { ArtifactStore } from './artifact-store.js'
import { createBoundedCache } from './bounded-cache.js'
import { createFolderStore } from './folder-store.js'
import { createS3Store } from './s3-store.js'

/**
 * @param location a folder, or `s3://bucket/prefix`. For S3 the usual AWS_* variables name endpoint, region and keys,
 * and local copies are cached in SLIPWAY_ARTIFACT_CACHE, else below the machine's temporary folder
 * @throws SlipwayError BadRequest when the location or its keys are malformed or missing
 */
export function createArtifactStore(location: string): ArtifactStore {
  if (!location.startsWith('s3://')) return createFolderStore(location)
  const name = digestOf(location).slice('sha256:'.length, 'sha256:'.length + 12)
  const folder = process.env.SLIPWAY_ARTIFACT_CACHE || tmpdir()
  return createS3Store(location, createBoundedCache(join(folder, `slipway-artifacts-${name}`), cacheBytes()))
}

const GIB = 2 ** 30
const DEFAULT_GIB = 10

function cacheBytes(text = process.env.SLIPWAY_ARTIFACT_CACHE_GIB): number {
  if (!text) return DEFAULT_GIB * GIB
  const gib = decimalOf(text)
  if (gib > 0) return gib * GIB
  throw new SlipwayError(
    'BadRequest',
    `SLIPWAY_ARTIFACT_CACHE_GIB is "${text}"; write a number of GiB above 0, such as 10`,
  )
}
