/** Single decisions, for tracing. */
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Arm } from '../../contracts/names.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import type { DecisionRecord, DecisionSource } from './decision-types.js'
import type { EvidenceArea } from './evidence-area.js'

export function createEvidenceReader(db: Database): Pick<EvidenceArea, 'findDecisions' | 'decisionsById'> {
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
