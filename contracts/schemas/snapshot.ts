import { z } from 'zod'
import { count, day, digest, instant, nonEmpty, projectName } from './common.js'

export const snapshotManifest = z
  .strictObject({
    schema: z.literal('slipway.snapshot/1').describe('Version of this format.'),
    project: projectName.describe('Name of the project.'),
    source: z
      .strictObject({
        name: nonEmpty.describe('Name of the data set.'),
        files: z
          .array(
            z.strictObject({
              name: nonEmpty.describe('Name of the file.'),
              sha256: digest.describe('Digest of its bytes.'),
              bytes: count.describe('Its size.'),
            }),
          )
          .min(1)
          .describe('Files that the rows were read from.'),
      })
      .describe('Where the rows came from: a data set of a package, or the user’s files.'),
    cutoff: instant.describe('Instant up to which the snapshot knows the world.'),
    days: z
      .strictObject({
        first: day.describe('First event day among the accepted rows.'),
        last: day.describe('Last event day among the accepted rows.'),
      })
      .describe('Event days of the accepted rows.'),
    rows: count.describe('Accepted rows.'),
    labelled: count.describe('Rows with a label that was known before the cutoff.'),
    censored: count.describe('Rows whose outcome was still open at the cutoff.'),
    rejected: z
      .array(
        z.strictObject({
          reason: nonEmpty.describe('Why they were rejected.'),
          rows: count.describe('How many.'),
          examples: z.array(nonEmpty).max(3).optional().describe('The first few of them. Absent in the default data.'),
        }),
      )
      .describe('Rows that were left out, by reason.'),
    columns: z
      .array(z.strictObject({ name: nonEmpty.describe('Name of the column.'), type: nonEmpty.describe('Its type.') }))
      .min(1)
      .describe('Columns of the normalised rows.'),
    data: digest.describe('Digest of the normalised rows, which are an artifact.'),
  })
  .describe('Immutable data evidence up to a cutoff, addressed by the SHA-256 of this manifest.')
