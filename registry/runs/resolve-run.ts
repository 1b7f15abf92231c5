import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { UnknownRun } from './unknown-run.js'

export interface ResolvedRun {
  readonly workflowId: string
  /** Other runs of the release, oldest first; empty for the id of a run. */
  readonly otherRuns: readonly string[]
}

/**
 * The run with this id. A release id selects the newest run of the release: a tuple that is trained again is the same
 * release, which only its first run registers; the evaluation or the verdict of a later run names it.
 */
export async function resolveRun(db: Database, id: string): Promise<ResolvedRun> {
  const run = await db.selectFrom('runs').select('workflow_id').where('workflow_id', '=', id).executeTakeFirst()
  if (run) return { workflowId: id, otherRuns: [] }
  const release = await db
    .selectFrom('chain_entries')
    .select(['project', 'workflow_id'])
    // As a literal, for the index of releases.
    .where('kind', '=', sql.lit('release'))
    .where('subject', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (!release) throw new UnknownRun(id)
  const rows = await db
    .selectFrom('runs')
    .select('workflow_id')
    .where('project', '=', release.project)
    .where('release_id', '=', id)
    .orderBy('started_at')
    .execute()
  const runs = [...new Set([release.workflow_id, ...rows.map((row) => row.workflow_id)])]
  return { workflowId: runs.at(-1) ?? release.workflow_id, otherRuns: runs.slice(0, -1) }
}
