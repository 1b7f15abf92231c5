import { z } from 'zod'
import { DURATION_PATTERN, durationMs } from '../duration.js'

const span = z
  .string()
  .regex(new RegExp(`^forever$|${DURATION_PATTERN.source}`), 'must be a duration such as 400d, or forever')
  .refine((text) => !DURATION_PATTERN.test(text) || durationMs(text) > 0, 'must be longer than zero')

/**
 * How long what a release rested on is kept in full. Digests, counts and everything else in the chain stay for ever; what is
 * dropped is recorded there.
 */
export const retentionPolicy = z.strictObject({
  /** Decisions and their labels, from the day they were written; or `forever`. */
  decisions: span,
  artifacts: z.strictObject({
    /** Models and data of the newest releases, and of the last in production, so many of each: what a rollback can restore. */
    keepReleases: z.int().min(1).max(10_000),
    /** Nothing named in the chain within this long is dropped, whatever it is. */
    keepFor: span,
  }),
})
