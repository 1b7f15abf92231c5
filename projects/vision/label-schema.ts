import { z } from 'zod'

const flag = z.literal([0, 1])

/** A review. A number alone is damage on a usable photo. */
export const labelSchema = z.union(
  [flag, z.strictObject({ damaged: flag }), z.strictObject({ damaged: flag, usable: flag })],
  { error: 'must be {"damaged": 0 or 1, "usable": 0 or 1}, or 0 or 1 for the damage on a usable photo' },
)
