import type { Selectable } from 'kysely'
import type { RunRows } from '../database/tables.js'
import type { ReleaseRunSummary } from '../releases/releases-area.js'

export type SummaryRow = Pick<
  Selectable<RunRows>,
  'project' | 'workflow_id' | 'release_id' | 'started_at' | 'stage' | 'verdict' | 'reason'
>

export const summaryOf = (row: SummaryRow): ReleaseRunSummary => ({
  project: row.project,
  workflowId: row.workflow_id,
  releaseId: row.release_id,
  startedAt: row.started_at.toISOString(),
  stage: row.stage,
  verdict: row.verdict,
  reason: row.reason,
})
