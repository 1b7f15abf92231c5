import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { EACH_DECISION, NEWEST_LABEL, usedBy } from './cohorts.js'
import { seenIn } from './database-snapshot.js'
import type { EvidenceArea, MaturedDecision } from './evidence-area.js'
import { joined, timestamp, writtenDays } from './written-days.js'

const MOST = 50_000

type Row = Omit<MaturedDecision, 'at'> & { readonly at: Date }

export function createMaturedReader(db: Database): Pick<EvidenceArea, 'maturedDecisions'> {
  return {
    async maturedDecisions({ project, workflowId, arm, from, to, asOf, labelHorizonMs, source = 'replay', cut }) {
      const days = await writtenDays(db, { project, workflowId: workflowId ?? '' })
      const query = sql<Row>`
        select at, output, action, label, loss from (
          select ${EACH_DECISION} d.event_at as at, d.decision_id, d.output, d.action, o.label, o.loss
          from decisions d join (${days.labels}) o on o.decision_id = d.decision_id and ${usedBy({ asOf, labelHorizonMs, cut })}
          where d.project = ${project} and d.workflow_id = ${workflowId} and d.arm = ${arm} and d.source = ${source}
            and ${days.decisions} and d.event_at >= ${timestamp(from)} and d.event_at < ${timestamp(to)}
            and ${seenIn('d', cut)}
          order by ${NEWEST_LABEL}
        ) labelled
        order by at desc, decision_id desc limit ${MOST}`
      const rows = await joined(db, query)
      return rows.reverse().map((row) => ({ ...row, at: row.at.getTime() }))
    },
  }
}
