import { type RawBuilder, sql } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import type { Database } from '../database/connect.js'
import { EACH_DECISION, NEWEST_LABEL, observedBy, usedBy } from '../evidence/cohorts.js'
import type { CorrectionCounts, CorrectionQuery } from '../evidence/evidence-area.js'
import { joined, timestamp, writtenDays } from '../evidence/written-days.js'
import type { LabelsArea } from './labels-area.js'

type Row = Omit<CorrectionCounts, 'corrected' | 'through'> & { readonly corrected: string; readonly through: Date }

/** Mature days only: the next look uses corrections on days that are not mature. */
export function createCorrectionReader(db: Database): Pick<LabelsArea, 'corrections' | 'correctedRuns'> {
  return {
    async corrections({ project, workflowId, asOf, labelHorizonMs, source = 'replay', cut, knownBy }: CorrectionQuery) {
      // A day is mature from its end plus the horizon.
      const matureBefore = Math.floor((asOf - labelHorizonMs) / DAY_MS) * DAY_MS
      const days = await writtenDays(db, { project, workflowId })
      const versions = (known: RawBuilder<unknown>) => sql`
        select ${EACH_DECISION} d.decision_id, d.arm, o.version, o.loss, o.observed_at
        from decisions d join (${days.labels}) o on o.decision_id = d.decision_id and ${known}
        where d.project = ${project} and d.workflow_id = ${workflowId} and d.source = ${source} and ${days.decisions}
          and d.event_at < ${timestamp(matureBefore)}
        order by ${NEWEST_LABEL}`
      const query = sql<Row>`
        select u.arm, count(*) as corrected, sum(n.loss::numeric - u.loss::numeric)::float8 as "lossChange",
          max(n.observed_at) as through
        from (${versions(usedBy({ asOf, labelHorizonMs, cut }))}) u
        join (${versions(observedBy(knownBy))}) n on n.decision_id = u.decision_id and n.version <> u.version
        group by u.arm
        order by u.arm`
      const rows = await joined(db, query)
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
        select o.project, coalesce(o.workflow_id, i.workflow_id) as "workflowId"
        from outcomes o left join decision_days i
          on o.workflow_id is null and i.decision_id = o.decision_id and i.project = o.project
        where o.version > 1 and coalesce(o.workflow_id, i.workflow_id) <> '' and ${written}
        group by 1, 2
        order by 1, 2`.execute(db)
      return rows
    },
  }
}
