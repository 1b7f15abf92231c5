/** Functions of a project that compute for seconds or minutes without a pause. */
import type { EvaluationReport } from '../../contracts/types.js'
import type { EvaluateRequest, Project, SnapshotDraft, SnapshotRequest } from '../../projects/project.js'
import { type CheckRequest, checkArtifact } from '../training/check-artifact.js'

/** `problems` is for `slipway snapshot check` only. */
export type ImportRequest = Omit<SnapshotRequest, 'problems'>

export interface ProjectWork {
  importSnapshot(project: Project, request: ImportRequest, signal: AbortSignal): Promise<SnapshotDraft>
  evaluate(project: Project, request: EvaluateRequest, signal: AbortSignal): Promise<EvaluationReport>
  checkArtifact(project: Project, request: CheckRequest, signal: AbortSignal): Promise<true>
}

/**
 * For tests, whose projects may be objects with functions of their own. While it computes, this process does nothing
 * else.
 */
export const workInThisThread: ProjectWork = {
  importSnapshot: (project, request) => project.importSnapshot(request),
  evaluate: async (project, request) => project.evaluate(request),
  checkArtifact,
}
