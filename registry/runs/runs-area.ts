import type { ReleaseRunRecord, ReleaseRunSummary } from '../releases/releases-area.js'

/** Release runs, computed from the ledger. */
export interface RunsArea {
  /** Oldest first. */
  list(project?: string): Promise<ReleaseRunSummary[]>
  /**
   * By the id of a run, or by a release id: then the newest run of the release.
   * @throws SlipwayError BadRequest when no run has this workflow or release id
   */
  get(workflowIdOrReleaseId: string): Promise<ReleaseRunRecord>
}
