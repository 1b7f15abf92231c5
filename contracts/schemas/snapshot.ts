import { z } from 'zod'
import { count, day, digest, instant, nonEmpty, projectName } from './common.js'

/** Immutable data evidence up to a cutoff, addressed by the sha256 of this manifest. */
export const snapshotManifest = z.strictObject({
  schema: z.literal('slipway.snapshot/1'),
  project: projectName,
  /** Where the rows came from: a package's data set or the user's files, by name and content. */
  source: z.strictObject({
    name: nonEmpty,
    files: z.array(z.strictObject({ name: nonEmpty, sha256: digest, bytes: count })).min(1),
  }),
  cutoff: instant,
  /** First and last event day among the accepted rows. */
  days: z.strictObject({ first: day, last: day }),
  rows: count,
  /** Rows with a label known before the cutoff, and rows whose outcome was still open. */
  labelled: count,
  censored: count,
  rejected: z.array(z.strictObject({ reason: nonEmpty, rows: count })),
  columns: z.array(z.strictObject({ name: nonEmpty, type: nonEmpty })).min(1),
  /** The normalised rows, as an artifact. */
  data: digest,
})
