import { z } from 'zod'

/** The order lines of the day that was forecast. */
export const labelSchema = z
  .int({ error: 'must be the order lines of the day, a whole number' })
  .min(0, { error: 'must be the order lines of the day, at least 0' })
