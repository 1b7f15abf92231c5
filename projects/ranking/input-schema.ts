/** The schema of a live input. Whatever it accepts can be scored. */
import { z } from 'zod'
import type { Impression } from './listing.js'

/** A results page has twenty. A client must not send a whole catalogue. */
const MOST_CANDIDATES = 200

const text = (longest: number) => z.string().normalize('NFC').max(longest)
const count = z.int().min(0)

const candidate = z.strictObject({
  id: z
    .string()
    .normalize('NFC')
    .regex(/^\S{1,64}$/, 'must be 1 to 64 characters without spaces: a slate is ids joined by spaces'),
  title: text(1_000),
  brand: text(200),
  category: text(200),
  colour: text(200),
  text: text(4_000),
  price: z.number().positive().nullable(),
  rating: z.number().min(0).max(5).nullable(),
  ratings: count,
  sold: count.nullable(),
  blocked: z.boolean(),
  inStock: z.boolean(),
})

export const inputSchema: z.ZodType<Impression> = z.strictObject({
  query: text(500),
  candidates: z
    .array(candidate)
    .max(MOST_CANDIDATES)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must not name a listing twice'),
})
