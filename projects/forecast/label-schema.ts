import { z } from 'zod'
import { MOST_LINES } from './input-schema.js'

const error = `must be the order lines of the day, a whole number from 0 to ${MOST_LINES}`

/** The order lines of the day that was forecast. */
export const labelSchema = z.int({ error }).min(0, { error }).max(MOST_LINES, { error })
