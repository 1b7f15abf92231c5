/** What a retention policy removed: a day of decisions (subject `days`), or artifacts (subject `artifacts`). */
import { z } from 'zod'
import { count, day, digest, nonEmpty } from '../schemas/common.js'
import { retentionPolicy } from '../schemas/retention.js'
import { dayClosedBody } from './day-closed.js'
import { holding } from './fields.js'

const common = {
  by: nonEmpty.describe('Who removed it.'),
  reason: nonEmpty.describe('Why it was removed.'),
}

const droppedDay = z
  .strictObject({
    day: day.describe('The UTC day on which the rows were written.'),
    tables: z
      .array(dayClosedBody.pick({ table: true, rows: true, digest: true }))
      .describe('Count and digest of the removed rows, as the day was closed with.'),
    earlyLabels: count.describe('Labels of decisions that never turned up; no digest covers them.'),
    ...common,
    kept: z.string().describe('How long the policy keeps decisions.'),
  })
  .describe('Rows of one day.')

const droppedArtifacts = z
  .strictObject({
    artifacts: z
      .array(
        z.strictObject({
          digest: holding('droppedArtifact', digest).describe('Digest of the artifact.'),
          what: z.string().describe('What it was, in words.'),
        }),
      )
      .describe('The removed artifacts.'),
    ...common,
    policy: retentionPolicy.shape.artifacts.describe('The policy that no longer keeps them.'),
  })
  .describe('Artifacts.')

export const droppedBody = z
  .union([droppedDay, droppedArtifacts])
  .describe('What a retention policy removed: the rows of a day, or artifacts.')
/** Body of the entry `dropped` of a day. One a project and day. */
export type DroppedDay = z.infer<typeof droppedDay>
/** Body of the entry `dropped` of artifacts. */
export type DroppedArtifacts = z.infer<typeof droppedArtifacts>
export type DroppedBody = z.infer<typeof droppedBody>

export const droppedDayKey = (day: string): string => `dropped:day:${day}`
/** @param newest seq of the project's newest entry, while nobody else appends */
export const droppedArtifactsKey = (newest: number): string => `dropped:artifacts:${newest}`

export const isDroppedDay = (body: DroppedBody): body is DroppedDay => 'day' in body
/** The artifacts that an entry says were removed; none where it is about a day. */
export const droppedArtifactsIn = (body: DroppedBody): DroppedArtifacts['artifacts'] =>
  'artifacts' in body ? body.artifacts : []
