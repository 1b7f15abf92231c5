import { z } from 'zod'
import { duration } from './common.js'

/**
 * How long what a release rested on is kept in full. Digests, counts and everything else in the chain stay for ever; what is
 * dropped is recorded there.
 */
export const retentionPolicy = z.strictObject({
  /** Decisions and their labels, from the day they were written; or `forever`. */
  decisions: z.union([z.literal('forever'), duration], 'must be a duration such as 400d, or forever'),
  artifacts: z.strictObject({
    /** Models and data of the newest releases, and of the last in production, so many of each: what a rollback can restore. */
    keepReleases: z.int().min(1).max(10_000),
    /** Nothing named in the chain within this long is dropped, whatever it is. */
    keepFor: z.union([z.literal('forever'), duration], 'must be a duration such as 180d, or forever'),
  }),
})
