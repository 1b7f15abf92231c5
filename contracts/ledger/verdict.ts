/** The end of a run. The entry's own instant says when. */
import type { z } from 'zod'
import { verdict } from '../schemas/trigger.js'
import { releaseId } from './fields.js'

export const verdictBody = verdict
  .extend({ releaseId: releaseId.nullable().describe('The candidate; null if the run ended before there was one.') })
  .describe('The end of a run. The instant of the entry says when.')
export type VerdictBody = z.infer<typeof verdictBody>

export const verdictKey = (workflowId: string): string => `${workflowId}:verdict`
