/** Instants and days in inputs: those that Slipway records and shows, from 1970 to 9999. */
import { z } from 'zod'
import { INSTANT_RANGE, isRecordableInstant, LAST_INSTANT } from '../../contracts/read-instant.js'

/** Epoch ms. */
export const instantField = z.int().min(0, INSTANT_RANGE).max(LAST_INSTANT, INSTANT_RANGE)

/** As in 2026-03-10. */
export const dayField = z.iso.date().refine((text) => isRecordableInstant(Date.parse(text)), INSTANT_RANGE)
