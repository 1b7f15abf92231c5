/** A promotion's approval by another person: asked for, given, or lapsed. */
import { z } from 'zod'
import { nonEmpty } from '../schemas/common.js'
import { releaseId } from './fields.js'

export const approvalBody = z
  .strictObject({
    state: z.enum(['asked', 'given', 'lapsed']).describe('lapsed: the promotion to approve is permitted no more.'),
    releaseId: releaseId.describe('The candidate.'),
    reason: z.string().describe('The reason of the judgement, or of the approving operator.'),
    judgement: nonEmpty.nullable().describe('Digest of the judgement that permits the promotion.'),
    by: z.string().nullable().describe('Who approved; null unless it was given.'),
  })
  .describe('The approval of a promotion by another person: requested, given or lapsed.')
export type ApprovalBody = z.infer<typeof approvalBody>

/** @param number which approval of the run, counted from 1 */
export const approvalKey = (workflowId: string, number: number, state: ApprovalBody['state']): string =>
  `${workflowId}:approval:${number}:${state}`
