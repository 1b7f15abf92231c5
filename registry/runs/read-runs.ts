import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntry } from '../ledger/entry-hash.js'
import { resolveRun } from './resolve-run.js'
import type { RunsArea } from './runs-area.js'
import { type Milestone, summarise } from './summarise-run.js'

export function createRunReader(db: Database): Pick<RunsArea, 'list' | 'get'> {
  return {
    async list(project) {
      return [...byRun(await milestones(db, { project })).values()]
        .filter((group) => group.some(({ kind }) => kind === 'trigger'))
        .map(summarise)
        .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
    },

    async get(id) {
      const { workflowId, otherRuns } = await resolveRun(db, id)
      const rows = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('workflow_id', '=', workflowId)
        .orderBy('seq')
        .execute()
      const run = { ...summarise(await milestones(db, { workflowId })), entries: rows.map(toEntry) }
      return otherRuns.length === 0 ? run : { ...run, otherRuns }
    },
  }
}

function byRun(all: readonly Milestone[]): Map<string, Milestone[]> {
  const groups = new Map<string, Milestone[]>()
  for (const milestone of all) {
    const name = `${milestone.project} ${milestone.workflowId}`
    groups.set(name, [...(groups.get(name) ?? []), milestone])
  }
  return groups
}

/**
 * The newest entry of each kind and subject of each run. Only their bodies are parsed: judgements are many and large.
 */
async function milestones(
  db: Database,
  { project, workflowId }: { project?: string | undefined; workflowId?: string },
): Promise<Milestone[]> {
  const { rows } = await sql<Omit<Milestone, 'at' | 'seq'> & { at: Date; seq: string }>`
    select project, workflow_id as "workflowId", kind, subject, seq, at,
      case kind
        when 'release' then subject
        else document ->> 'releaseId'
      end as "releaseId",
      document ->> 'phase' as phase,
      case kind when 'verdict' then document ->> 'verdict' end as verdict,
      case kind when 'verdict' then document ->> 'reason' end as reason
    from (
      select distinct on (project, workflow_id, kind, subject) project, workflow_id, kind, subject, seq, at, body::jsonb as document
      from chain_entries
      where ${project === undefined ? sql`true` : sql`project = ${project}`}
        and ${workflowId === undefined ? sql`true` : sql`workflow_id = ${workflowId}`}
      order by project, workflow_id, kind, subject, seq desc
    ) as newest`.execute(db)
  return rows.map((row) => ({ ...row, seq: Number(row.seq), at: row.at.toISOString() }))
}
