/** The schema of a live input: counts up to the evening of the decision, and plans. */
import { z } from 'zod'
import { dayField } from '../kit/instant-fields.js'
import { type DemandInput, RECENT_DAYS } from './features/demand-input.js'
import { HORIZON_DAYS } from './features/horizon.js'

/** More than any shop sells, and small enough that sums stay exact. */
export const MOST_LINES = 1_000_000
const daysAgo = z
  .array(
    z
      .int()
      .min(0)
      .max(RECENT_DAYS - 1),
  )
  .max(RECENT_DAYS)
const count = z.int().min(0).max(MOST_LINES).nullable()

export const inputSchema: z.ZodType<DemandInput> = z.strictObject({
  series: z.string().normalize('NFC').min(1).max(80),
  day: dayField.meta({ description: 'The day to forecast' }),
  ahead: z.literal(HORIZON_DAYS).meta({ description: 'Days from the last known one to it' }),
  promoted: z.boolean().meta({ description: 'Whether it has a promotion' }),
  recent: z
    .array(count)
    .min(1)
    .max(RECENT_DAYS)
    .meta({ description: 'The last known days, oldest first; null where closed, not on sale or not delivered' }),
  promotedDaysAgo: daysAgo.meta({ description: 'Which of them had a promotion; 0 is the last known day' }),
  lastYear: z.array(count).max(RECENT_DAYS).meta({
    description: 'From 55 days before the last known day to 7 after the target, 364 days earlier; may be empty',
  }),
  schoolHoliday: z.boolean().exactOptional().meta({ description: 'Whether it is in school holidays, where known' }),
  schoolHolidaysAgo: daysAgo
    .exactOptional()
    .meta({ description: 'Which of the last known days were in school holidays; 0 is the last one' }),
  storeType: z
    .string()
    .normalize('NFC')
    .min(1)
    .max(80)
    .exactOptional()
    .meta({ description: 'The type of its store, where known' }),
})
