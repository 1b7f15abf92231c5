import type { ReleaseRunRecord, ReleaseRunSummary } from '../releases/releases-area.js'

/** Release runs as the ledger shows them. */
export interface RunsArea {
  /** Oldest first. */
  list(project?: string): Promise<ReleaseRunSummary[]>
  /** @throws SlipwayError BadRequest when no run has this workflow or release id */
  get(workflowIdOrReleaseId: string): Promise<ReleaseRunRecord>
}
