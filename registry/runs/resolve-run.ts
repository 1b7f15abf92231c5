import { sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import type { Database } from '../database/connect.js'

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
  const run = await db
    .selectFrom('chain_entries')
    .select('workflow_id')
    .where('kind', '!=', 'alias_move')
    .where('workflow_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (run) return { workflowId: id, otherRuns: [] }
  const release = await db
    .selectFrom('chain_entries')
    .select(['project', 'workflow_id'])
    .where('kind', '=', 'release')
    .where('subject', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (!release) throw new SlipwayError('BadRequest', `no release or release run "${id}"; see: slipway release list`)
  const { rows } = await sql<{ workflowId: string }>`
    select workflow_id as "workflowId" from chain_entries
    where project = ${release.project} and kind in ('evaluation', 'verdict') and body::jsonb ->> 'releaseId' = ${id}
    group by workflow_id order by min(seq)`.execute(db)
  const runs = [...new Set([release.workflow_id, ...rows.map(({ workflowId }) => workflowId)])]
  return { workflowId: runs.at(-1) ?? release.workflow_id, otherRuns: runs.slice(0, -1) }
}
