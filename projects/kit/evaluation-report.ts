import type { EvaluationReport } from '../../contracts/types.js'
import type { EvaluateRequest } from '../project.js'

type Findings = Omit<EvaluationReport, 'schema' | 'project' | 'candidate' | 'production' | 'snapshot'>

/** The report of an evaluation: what was found, with what was compared on which snapshot. */
export function reportOf(project: string, request: EvaluateRequest, findings: Findings): EvaluationReport {
  return {
    schema: 'slipway.evaluation/1',
    project,
    candidate: request.candidate.digest,
    production: request.production.digest,
    snapshot: request.snapshotDigest,
    ...findings,
  }
}
