import { z } from 'zod'

/** The outcome of a flight. */
export const labelSchema = z.literal([0, 1], { error: 'must be 1 (late) or 0 (on time)' })
