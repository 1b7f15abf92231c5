/** The offline comparison of a candidate with production. */
import { z } from 'zod'
import { digest, nonEmpty } from '../schemas/common.js'
import { evaluationReport } from '../schemas/evaluation.js'
import { releaseId } from './fields.js'

export const evaluationBody = z
  .strictObject({
    releaseId: releaseId.describe('The candidate.'),
    production: releaseId.describe('The production release it was compared with.'),
    decision: nonEmpty.describe('canary_open, or hold: and the failed gates separated by commas.'),
    digest: digest.describe('sha256 of the canonical JSON of the report.'),
    report: evaluationReport.describe('Gates, metrics and slices of candidate and production.'),
  })
  .describe('The offline comparison of a candidate with production.')
export type EvaluationBody = z.infer<typeof evaluationBody>

export const evaluationKey = (workflowId: string, attempt: number): string => `${workflowId}:evaluation:${attempt}`
