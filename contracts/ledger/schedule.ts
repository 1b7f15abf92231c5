/** A schedule as it was applied to Temporal. The entry's subject is the schedule id. */
import { z } from 'zod'
import { digest, nonEmpty } from '../schemas/common.js'
import { conditionPolicy } from '../schemas/conditions.js'
import { schedulePolicy } from '../schemas/schedule.js'

export const scheduleBody = z
  .strictObject({
    by: nonEmpty.describe('Who applied it.'),
    policy: z.union([schedulePolicy, conditionPolicy]).describe('The cadence or condition that the project states.'),
    desired: digest.describe('Digest of the schedule as the project states it.'),
    described: digest.describe('Digest of the schedule as the server described it afterwards: shows a change by hand.'),
  })
  .describe('A schedule as it was applied to Temporal. The subject of the entry is the schedule id.')
export type AppliedSchedule = z.infer<typeof scheduleBody>

/** @param updatedAt ISO: the server's time of the change */
export const scheduleKey = (id: string, updatedAt: string): string => `${id}:${updatedAt}`
