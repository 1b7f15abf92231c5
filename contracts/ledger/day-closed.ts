/** A day of decisions or outcomes that is over: a lost or altered row shows by its count and digest. */
import { z } from 'zod'
import { count, day, digest, projectName } from '../schemas/common.js'

export const dayClosedBody = z
  .strictObject({
    project: projectName.describe('The project.'),
    table: z.enum(['decisions', 'outcomes']).describe('The table whose rows were counted.'),
    day: day.describe('The UTC day on which the rows were written.'),
    rows: count.describe('Number of rows.'),
    digest: digest.describe('sha256 over the rows as lines of JSON in order of their keys.'),
  })
  .describe('Count and digest of the rows of one day, which reveal a lost or altered row.')
export type ClosedDay = z.infer<typeof dayClosedBody>

export const dayClosedKey = (table: ClosedDay['table'], day: string): string => `day:${table}:${day}`
