/** A user's data that was stored, so that releases can name it by its digest (subject `sources`). */
import { z } from 'zod'
import { count, nonEmpty } from '../schemas/common.js'
import { artifact } from './fields.js'

export const sourceBody = z
  .strictObject({
    artifact: artifact.describe('The files as one tar archive, an artifact.'),
    name: nonEmpty.describe('Name of the file or folder.'),
    files: count.describe('How many files it has.'),
    bytes: count.describe('Their size in all.'),
    by: nonEmpty.describe('Who added it.'),
  })
  .describe(
    'A user’s data that `slipway snapshot add` stored. The same data may be added again, which keeps it longer.',
  )
export type SourceBody = z.infer<typeof sourceBody>

export const SOURCES_SUBJECT = 'sources'
/** @param id one a time that it is added */
export const sourceKey = (digest: string, id: string): string => `source:${digest}:${id}`
