/** A registered release: its immutable tuple. The entry's subject is the release id. */
import { z } from 'zod'
import { digest, nonEmpty } from '../schemas/common.js'
import { releaseManifest } from '../schemas/release.js'
import { artifact, holding, snapshotDigest } from './fields.js'

export const releaseBody = z
  .strictObject({
    digest: holding('releaseDigest', digest).describe('sha256 of the canonical JSON of the manifest.'),
    manifest: releaseManifest
      .extend({
        snapshot: snapshotDigest.describe('Digest of the snapshot it was trained on.'),
        model: releaseManifest.shape.model
          .extend({ artifact: artifact.describe('The model file, as an artifact.') })
          .describe('The model.'),
      })
      .describe('The tuple: everything that a rollback restores.'),
    workflowId: nonEmpty.describe('The run that registered it, or init/<project> for the baseline.'),
  })
  .describe('A registered release: its immutable tuple. The subject of the entry is the release id.')
export type ReleaseBody = z.infer<typeof releaseBody>

/** The same manifest again is the same release. */
export const releaseKey = (digest: string): string => `release:${digest}`
