/** The newest entry of each ledger, kept outside of the database. */
import { z } from 'zod'
import { day, digest, instant, nonEmpty, projectName } from './common.js'

export const ledgerHead = z
  .strictObject({
    project: projectName.describe('The project.'),
    seq: z.int().min(1).describe('Sequence number of the entry.'),
    hash: digest.describe('Hash of the entry; it covers every entry before it.'),
  })
  .describe('An entry of a ledger, the newest one when it was written down.')
export type LedgerHead = z.infer<typeof ledgerHead>

export const headObject = z
  .strictObject({
    schema: z.literal('slipway.heads/1').describe('Name and version of this format.'),
    date: day.describe('The UTC day of which this is the one object.'),
    at: instant.describe('When the heads were read, by the clock of the database.'),
    heads: z.array(ledgerHead).describe('The newest entry of each project, in order of their names.'),
    previous: z
      .strictObject({
        name: nonEmpty.describe('Name of the object in the artifact store.'),
        digest: digest.describe('sha256 of its bytes.'),
      })
      .nullable()
      .describe('The object of the last day before that has one, at most a year ago; null for the first.'),
  })
  .describe('The heads of all ledgers on one day, in the artifact store as heads/<date>.json.')
export type HeadObject = z.infer<typeof headObject>
