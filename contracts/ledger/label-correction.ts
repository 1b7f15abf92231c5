/** Labels corrected after the verdict they led to, with what the judge would have said. The verdict stands. */
import { z } from 'zod'
import { ARMS } from '../names.js'
import { count, digest, instant } from '../schemas/common.js'
import { judgement } from '../schemas/evidence.js'
import { phase } from './fields.js'

const { action, reason, numbers } = judgement.shape

export const labelCorrectionBody = z
  .strictObject({
    phase,
    judgement: digest.describe(
      'Digest of the judgement that rested on the labels as they were: the last look of its phase.',
    ),
    asOf: instant.describe('Event time of that look.'),
    arms: z
      .array(
        z.strictObject({
          arm: z.enum(ARMS).describe('The arm.'),
          corrected: count.describe('Labels on mature days that were replaced since.'),
          lossChange: z.number().describe('Sum of new minus used losses.'),
          through: instant.describe('Event time of the newest correction.'),
        }),
      )
      .describe('What was corrected, by arm.'),
    said: z.strictObject({ action, reason }).describe('The judgement before the correction.'),
    wouldSay: z
      .strictObject({ action, reason, numbers })
      .describe('What the judge would say with the labels known now.'),
  })
  .describe('Labels corrected after the verdict they led to. The verdict stands.')
export type LabelCorrection = z.infer<typeof labelCorrectionBody>

/** @param digest of the body */
export const correctionKey = (workflowId: string, digest: string): string => `${workflowId}:correction:${digest}`
