import { type RawBuilder, sql } from 'kysely'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import type { Database } from '../database/connect.js'
import { EACH_DECISION, NEWEST_LABEL, observedBy, usedBy } from '../evidence/cohorts.js'
import type { CorrectionCounts, CorrectionQuery } from '../evidence/evidence-area.js'
import { joined, timestamp, writtenDays } from '../evidence/written-days.js'
import { storedDays } from '../retention/stored-days.js'
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
      // A statement per day: one over all days would reach the time-out of statements.
      const found = new Map<string, { project: string; workflowId: string }>()
      for (const { day } of await storedDays(db)) {
        if (since !== null && day < utcDay(Date.parse(since))) continue
        const { rows } = await correctedOn(day, since).execute(db)
        for (const row of rows) found.set(JSON.stringify([row.project, row.workflowId]), row)
      }
      return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run)
    },
  }
}

/** The index on corrected labels answers it: how many others the day has makes no difference. */
export const correctedOn = (day: string, since: string | null) => sql<{ project: string; workflowId: string }>`
  select o.project, coalesce(o.workflow_id, i.workflow_id) as "workflowId"
  from outcomes o left join decision_days i
    on o.workflow_id is null and i.decision_id = o.decision_id and i.project = o.project
  where o.version > 1 and coalesce(o.workflow_id, i.workflow_id) <> '' and o.written_day = ${day}::date
    and ${since === null ? sql`true` : sql`o.written_at >= ${since}::timestamptz`}
  group by 1, 2`
