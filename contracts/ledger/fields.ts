/** Fields that several entries share, with what they hold: retention finds by it what an entry needs. */
import { z } from 'zod'
import { EXPOSURE_PHASES } from '../names.js'
import { digest, nonEmpty } from '../schemas/common.js'

/** What the text in a field names. */
export type Holds = 'releaseId' | 'releaseDigest' | 'snapshotDigest' | 'artifact' | 'droppedArtifact'

/** Declares what a field holds, also the texts inside it. */
export const holding = <Schema extends z.ZodType>(what: Holds, schema: Schema): Schema => schema.meta({ holds: what })

export const releaseId = holding('releaseId', nonEmpty)
export const snapshotDigest = holding('snapshotDigest', digest)
export const artifact = holding('artifact', digest)

export const phase = z.enum(EXPOSURE_PHASES).describe('The phase of the release.')
export const opening = z
  .int()
  .min(1)
  .optional()
  .describe('How often the canary was opened before; absent for the first opening.')

export const identity = z
  .enum(['proven', 'stated'])
  .describe(
    '`proven`: the decision service has checked whose name it is. `stated`: the name is what a person typed. Absent: no name could be proven, so it is stated.',
  )
