import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { NEWEST_LABEL, seenIn, usedBy } from './cohorts.js'
import type { EvidenceArea, MaturedDecision } from './evidence-area.js'

const MOST = 50_000

type Row = Omit<MaturedDecision, 'at'> & { readonly at: Date }

export function createMaturedReader(db: Database): Pick<EvidenceArea, 'maturedDecisions'> {
  return {
    async maturedDecisions({ project, workflowId, arm, from, to, asOf, labelHorizonMs, source = 'replay', cut }) {
      const { rows } = await sql<Row>`
        select d.event_at as at, d.output, d.action, o.label, o.loss
        from decisions d
        join lateral (
          select label, loss from outcomes
          where project = d.project and decision_id = d.decision_id and ${usedBy({ asOf, labelHorizonMs, cut })}
          order by ${NEWEST_LABEL} limit 1
        ) o on true
        where d.project = ${project} and d.workflow_id = ${workflowId} and d.arm = ${arm} and d.source = ${source}
          and d.event_at >= ${new Date(from).toISOString()}::timestamptz and d.event_at < ${new Date(to).toISOString()}::timestamptz
          and ${seenIn('d.written_xid', cut)}
        order by d.event_at desc, d.decision_id desc limit ${MOST}`.execute(db)
      return rows.reverse().map((row) => ({ ...row, at: row.at.getTime() }))
    },
  }
}
