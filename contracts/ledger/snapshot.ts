/** A data snapshot that a run, or the initialisation of a project, imported. */
import { z } from 'zod'
import { digest } from '../schemas/common.js'
import { snapshotManifest } from '../schemas/snapshot.js'
import { artifact, holding } from './fields.js'

export const snapshotBody = z
  .strictObject({
    digest: holding('snapshotDigest', digest).describe('sha256 of the canonical JSON of the manifest.'),
    manifest: snapshotManifest
      .extend({ data: artifact.describe('The normalised rows, as an artifact.') })
      .describe('What the snapshot holds.'),
  })
  .describe('A data snapshot that a run, or the initialisation of a project, imported.')

/** @param subject a workflow id, or `init/<project>` */
export const snapshotKey = (subject: string): string => `${subject}:snapshot`
