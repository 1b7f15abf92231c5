/** The end of a run. The entry's own instant says when. */
import { z } from 'zod'
import { verdict } from '../schemas/trigger.js'
import { releaseId } from './fields.js'

export const verdictBody = z.strictObject({
  schema: verdict.shape.schema.describe('Version of this contract.'),
  project: verdict.shape.project.describe('The project.'),
  workflowId: verdict.shape.workflowId.describe('The run that ended.'),
  releaseId: releaseId.nullable().describe('The candidate; null where the run ended before there was one.'),
  verdict: verdict.shape.verdict.describe('What became of the candidate.'),
  reason: verdict.shape.reason.describe('Why, as a short code.'),
  detail: verdict.shape.detail.describe('Why, in plain words.'),
})
export type VerdictBody = z.infer<typeof verdictBody>

export const verdictKey = (workflowId: string): string => `${workflowId}:verdict`
