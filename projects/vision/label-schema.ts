import { z } from 'zod'

const flag = z.literal([0, 1], { error: 'must be 0 or 1' })
const FORM = 'must be {"damaged": 0 or 1, "usable": 0 or 1}, or 0 or 1 for the damage on a usable photo'

/** A review. A number alone is damage on a usable photo. */
export const labelSchema = z.union(
  [z.literal([0, 1]), z.strictObject({ damaged: flag, usable: flag.exactOptional() }, { error: FORM })],
  { error: FORM },
)
