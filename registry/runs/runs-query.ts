import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import type { RunsPage } from './runs-area.js'

/**
 * Runs that were started, newest first, so that an index ends the search at the limit. Its condition and that of the
 * index on open runs are literals: the planner cannot use them for parameters.
 */
export function runsQuery(db: Database, project: string | undefined, page: RunsPage) {
  let query = db
    .selectFrom('runs')
    .where('trigger_seq', 'is not', null)
    .orderBy('runs.started_at', 'desc')
    .orderBy('runs.project', 'desc')
    .orderBy('runs.workflow_id', 'desc')
  if (project !== undefined) query = query.where('runs.project', '=', project)
  if (page.open === true) query = query.where(sql<boolean>`not ended`)
  if (page.endedSince !== undefined)
    query = query.where('verdict', 'is not', null).where('newest_at', '>=', new Date(page.endedSince))
  if (page.workflowIds !== undefined) query = query.where('runs.workflow_id', 'in', [...page.workflowIds, ''])
  if (page.before !== undefined)
    query = query.where(
      sql<boolean>`(runs.started_at, runs.project, runs.workflow_id) < (
        select started_at, project, workflow_id from runs where workflow_id = ${page.before} limit 1)`,
    )
  return page.limit === undefined ? query : query.limit(page.limit)
}
