import { z } from 'zod'

const error = 'must be a gain from 0 to 1, or -1 for a blocked listing'
const gain = z.union([z.literal(-1), z.number().min(0, error).max(1, error)], { error })

const listing = z
  .string()
  .normalize('NFC')
  .regex(/^\S{1,64}$/, { error: 'must be the id of a listing' })

/** Gains by listing after returns. A listing that is not named had none. */
export const labelSchema = z.record(listing, gain, {
  error: 'must be gains by listing, such as {"L17": 1, "L3": 0.1}, or {} if no listing had any',
})
