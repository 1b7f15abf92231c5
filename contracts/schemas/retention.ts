import { z } from 'zod'
import { DURATION_PATTERN, durationMs } from '../duration.js'

const span = z
  .string()
  .regex(new RegExp(`^forever$|${DURATION_PATTERN.source}`), 'must be a duration such as 400d, or forever')
  .refine((text) => !DURATION_PATTERN.test(text) || durationMs(text) > 0, 'must be longer than zero')

export const retentionPolicy = z
  .strictObject({
    decisions: span.describe('How long decisions and labels are kept after the day they were written; or `forever`.'),
    artifacts: z
      .strictObject({
        keepReleases: z
          .int()
          .min(1)
          .max(10_000)
          .describe('Models and data are kept for this many of the newest releases, and of the latest productions.'),
        keepFor: span.describe('Artifacts named in the ledger within this time are never dropped.'),
      })
      .describe('Which models, data and reports are kept.'),
  })
  .describe(
    'How long the bytes behind releases are kept. Ledger entries, digests and counts stay permanently; each drop is recorded.',
  )
