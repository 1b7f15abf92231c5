import type { ReleaseRunRecord, ReleaseRunSummary } from '../releases/releases-area.js'

/** Release runs, computed from the ledger. */
export interface RunsArea {
  /** Oldest first. */
  list(project?: string): Promise<ReleaseRunSummary[]>
  /** @throws SlipwayError BadRequest when no run has this workflow or release id */
  get(workflowIdOrReleaseId: string): Promise<ReleaseRunRecord>
}
