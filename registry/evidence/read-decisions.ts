/** Single decisions, for tracing. */
import { sql } from 'kysely'
import type { Arm } from '../../contracts/names.js'
import type { Database } from '../database/connect.js'
import type { DecisionRecord, DecisionSource } from './decision-types.js'
import type { EvidenceArea } from './evidence-area.js'

export function createEvidenceReader(db: Database): Pick<EvidenceArea, 'findDecisions' | 'decisionsById'> {
  return {
    findDecisions: (decisionId, project) => read(db, [decisionId], project),
    decisionsById: (project, ids) => read(db, ids, project),
  }
}

/** The lookup names the days of the ids, so that only their partitions are searched. */
async function read(db: Database, ids: readonly string[], project: string | undefined): Promise<DecisionRecord[]> {
  const wanted = sql<boolean>`decision_id = any(${[...ids]}::text[])
    and ${project === undefined ? sql`true` : sql`project = ${project}`}`
  const { rows: days } = await sql<{ day: string }>`
    select distinct written_day::text as day from decision_days where ${wanted}`.execute(db)
  if (days.length === 0) return []
  const rows = await db
    .selectFrom('decisions')
    .where(wanted)
    .where(sql<boolean>`written_day = any(${days.map(({ day }) => day)}::date[])`)
    .orderBy('project')
    .selectAll()
    .execute()
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
