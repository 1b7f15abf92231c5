/** The schema of a live input: the schedule, which is all that is known before departure. */
import { z } from 'zod'
import { instantField } from '../kit/instant-fields.js'
import type { ScheduledFlight } from './flights/flight.js'

const code = z.string().normalize('NFC').max(8)

export const inputSchema: z.ZodType<ScheduledFlight> = z.strictObject({
  scheduled: instantField.meta({ description: 'Departure by schedule, epoch ms in the clock of the source' }),
  carrier: code.meta({ description: 'Empty when unknown' }),
  origin: code.min(1),
  destination: code.min(1),
  distance: z.number().min(1).max(20_000).meta({ description: 'Miles' }),
})
