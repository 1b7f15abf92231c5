/** Decisions and their labels, one by one: for tracing, and for labels that look for their decision. */
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Arm } from '../../contracts/names.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import type { DecisionRecord, DecisionSource, OutcomeRow, Registry } from '../types.js'

type Reads = Pick<Registry, 'findDecisions' | 'decisionsById' | 'outcomesOf' | 'earlyLabels' | 'earlyLabelCounts'>

const LABELS = 5_000

export function createEvidenceReader(db: Database): Reads {
  const decisions = () => db.selectFrom('decisions')
  return {
    async findDecisions(decisionId, project) {
      let query = decisions().where('decision_id', '=', decisionId)
      if (project !== undefined) query = query.where('project', '=', project)
      return read(query.orderBy('project'))
    },
    async decisionsById(project, ids) {
      return read(
        decisions()
          .where('project', '=', project)
          .where(sql`decision_id = any(${[...ids]}::text[])`, '=', true),
      )
    },
    async outcomesOf(project, decisionId) {
      const rows = await db
        .selectFrom('outcomes')
        .select(['version', 'label', 'loss', 'observed_at', 'written_at'])
        .where('project', '=', project)
        .where('decision_id', '=', decisionId)
        .orderBy('version')
        .execute()
      return rows.map((row) => ({
        decisionId,
        version: row.version,
        label: row.label as OutcomeRow['label'],
        loss: row.loss,
        observedAt: row.observed_at.getTime(),
        writtenAt: row.written_at.toISOString(),
      }))
    },
    async earlyLabels(project, ids) {
      const { rows } = await sql<{ id: string; label: OutcomeRow['label']; at: Date }>`
        select e.decision_id as id, e.label, e.observed_at as at from early_labels e
        where e.project = ${project}
          and ${ids === undefined ? sql`true` : sql`e.decision_id = any(${[...ids]}::text[])`}
          and exists (select from decisions d where d.decision_id = e.decision_id and d.project = e.project)
          and not exists (
            select from outcomes o where o.decision_id = e.decision_id and o.project = e.project
              and o.label = e.label and o.observed_at = e.observed_at)
        order by e.written_at limit ${LABELS}`.execute(db)
      return rows.map((row) => ({ decisionId: row.id, label: row.label, observedAt: row.at.getTime() }))
    },
    async earlyLabelCounts(project) {
      const { rows } = await sql<{ kept: string; unknown: string }>`
        select count(*) as kept, count(*) filter (where not exists (
          select from decisions d where d.decision_id = e.decision_id and d.project = ${project})) as unknown
        from (select distinct decision_id from early_labels where project = ${project}) e`.execute(db)
      return { kept: Number(rows[0]?.kept ?? 0), unknown: Number(rows[0]?.unknown ?? 0) }
    },
  }
}

async function read(query: SelectQueryBuilder<Tables, 'decisions', object>): Promise<DecisionRecord[]> {
  const rows = await query.selectAll().execute()
  return rows.map((row) => ({
    project: row.project,
    decisionId: row.decision_id,
    workflowId: row.workflow_id,
    releaseId: row.release_id,
    arm: row.arm as Arm,
    source: row.source as DecisionSource,
    entityHash: row.entity_hash,
    output: row.output as DecisionRecord['output'],
    action: row.action,
    input: row.input,
    inputDigest: row.input_digest,
    bucket: row.bucket,
    weight: row.weight,
    stale: row.stale,
    eventAt: row.event_at.toISOString(),
    writtenAt: row.written_at.toISOString(),
  }))
}
