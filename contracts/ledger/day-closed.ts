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
    digestVersion: z
      .literal([2, 3])
      .optional()
      .describe(
        '3: the same on every server, with the segments of decisions. 2: without them. Absent: version 1, which depends on the collation of the database and omits `expected_loss`.',
      ),
  })
  .describe('Count and digest of the rows of one day, which reveal a lost or altered row.')
export type ClosedDay = z.infer<typeof dayClosedBody>
export type DigestVersion = 1 | 2 | 3

/** Of days that this build closes: version 3 adds a column of decisions, and outcomes have none to add. */
export const NEWEST_DIGEST = { decisions: 3, outcomes: 2 } as const satisfies Record<ClosedDay['table'], DigestVersion>

export const dayClosedKey = (table: ClosedDay['table'], day: string): string => `day:${table}:${day}`

/** Of the entry that repeats a day in digest version 2 after an earlier build had closed it in version 1. */
export const dayCoveredKey = (table: ClosedDay['table'], day: string): string => `${dayClosedKey(table, day)}:v2`

export const digestVersionOf = ({ digestVersion }: ClosedDay): DigestVersion => digestVersion ?? 1
