import { z } from '@hono/zod-openapi'
import { instant, text } from './shared-fields.js'

export const snapshotQuery = z.object({
  name: text(255).openapi({
    description: 'Name of the file or folder. Its ending says how a file is read.',
    example: 'flights.csv',
  }),
  cutoff: instant.optional().openapi({ description: 'The data are checked as of this instant. Default: now.' }),
  by: text(200).optional().openapi({ description: 'Who adds it; recorded together with the name of the token.' }),
})

export const snapshotStored = z
  .object({
    project: z.string().openapi({ description: 'The project.' }),
    snapshot: z.string().openapi({ description: 'What a release names it by: `snapshot` of `POST …/releases`.' }),
    name: z.string().openapi({ description: 'Name of the file or folder.' }),
    files: z.int().openapi({ description: 'How many files were stored.' }),
    bytes: z.int().openapi({ description: 'Their size in all.' }),
  })
  .openapi('SnapshotStored')
