import { sql } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import type { Database } from '../database/connect.js'
import { NEWEST_LABEL, observedBy, usedBy } from '../evidence/cohorts.js'
import type { CorrectionCounts, CorrectionQuery } from '../evidence/evidence-area.js'
import type { LabelsArea } from './labels-area.js'

type Row = Omit<CorrectionCounts, 'corrected' | 'through'> & { readonly corrected: string; readonly through: Date }

/** Mature days only: the next look uses corrections on days that are not mature. */
export function createCorrectionReader(db: Database): Pick<LabelsArea, 'corrections' | 'correctedRuns'> {
  return {
    async corrections({ project, workflowId, asOf, labelHorizonMs, source = 'replay', cut, knownBy }: CorrectionQuery) {
      // A day is mature from its end plus the horizon.
      const matureBefore = Math.floor((asOf - labelHorizonMs) / DAY_MS) * DAY_MS
      const { rows } = await sql<Row>`
        select d.arm, count(*) as corrected, sum(n.loss::numeric - u.loss::numeric)::float8 as "lossChange",
          max(n.observed_at) as through
        from decisions d
        join lateral (
          select version, loss from outcomes
          where project = d.project and decision_id = d.decision_id and ${usedBy({ asOf, labelHorizonMs, cut })}
          order by ${NEWEST_LABEL} limit 1
        ) u on true
        join lateral (
          select version, loss, observed_at from outcomes
          where project = d.project and decision_id = d.decision_id and ${observedBy(knownBy)}
          order by ${NEWEST_LABEL} limit 1
        ) n on n.version <> u.version
        where d.project = ${project} and d.workflow_id = ${workflowId} and d.source = ${source}
          and d.event_at < ${new Date(matureBefore).toISOString()}::timestamptz
        group by d.arm
        order by d.arm`.execute(db)
      return rows.map(({ arm, corrected, lossChange, through }) => ({
        arm,
        corrected: Number(corrected),
        lossChange,
        through: through.toISOString(),
      }))
    },
    async correctedRuns(since) {
      // Outcomes are partitioned by the day of writing.
      const written =
        since === null
          ? sql`true`
          : sql`o.written_at >= ${since}::timestamptz and o.written_day >= (${since}::timestamptz at time zone 'UTC')::date`
      const { rows } = await sql<{ project: string; workflowId: string }>`
        select distinct d.project, d.workflow_id as "workflowId"
        from outcomes o join decisions d on d.project = o.project and d.decision_id = o.decision_id
        where o.version > 1 and d.workflow_id <> '' and ${written}
        order by 1, 2`.execute(db)
      return rows
    },
  }
}
