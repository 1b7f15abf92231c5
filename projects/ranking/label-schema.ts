import { z } from 'zod'

/** Gains by listing after returns. A listing that is not named had none. */
export const labelSchema = z.record(
  z.string().regex(/^\S{1,64}$/, { error: 'must be the id of a listing' }),
  z.number({ error: 'must be a gain, a number' }).min(-1, { error: 'must be a gain, -1 for a blocked listing' }),
  { error: 'must be gains by listing, such as {"L17": 1, "L3": 0.1}, or {} if no listing had any' },
)
