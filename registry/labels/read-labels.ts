/** Labels of one decision, and labels that arrived before their decision. */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { writtenOnLabelDays } from './label-days.js'
import type { OutcomeRow } from './label-types.js'
import type { LabelsArea } from './labels-area.js'

/** The largest number of labels that one read returns. */
const BATCH = 5_000

export function createLabelReader(db: Database): Pick<LabelsArea, 'outcomesOf' | 'labelsOf' | 'early' | 'earlyCounts'> {
  return {
    async outcomesOf(project, decisionId) {
      const rows = await db
        .selectFrom('outcomes')
        .select(['version', 'label', 'loss', 'observed_at', 'written_at'])
        .where('project', '=', project)
        .where('decision_id', '=', decisionId)
        .where(await writtenOnLabelDays(db, project, [decisionId]))
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
    async labelsOf(project, ids) {
      const rows = await db
        .selectFrom('outcomes')
        .select(['decision_id', 'label', 'observed_at'])
        .where('project', '=', project)
        .where(sql<boolean>`decision_id = any(${[...ids]}::text[])`)
        .where(await writtenOnLabelDays(db, project, ids))
        .orderBy('version')
        .execute()
      return rows.map((row) => ({
        decisionId: row.decision_id,
        label: row.label as OutcomeRow['label'],
        observedAt: row.observed_at.getTime(),
      }))
    },
    async early(project, ids) {
      const days = await earlyDays(db, project)
      if (days.length === 0) return []
      // A label that was set aside is written as an outcome afterwards; not long before, by another delivery of it.
      const written = ids
        ? await writtenOnLabelDays(db, project, ids)
        : sql`written_day >= (select min(day) from unnest(${days}::date[]) as day) - 1`
      const { rows } = await sql<{ id: string; label: OutcomeRow['label']; at: Date }>`
        select e.decision_id as id, e.label, e.observed_at as at from early_labels e
        where e.project = ${project} and e.written_day = any(${days}::date[])
          and ${ids === undefined ? sql`true` : sql`e.decision_id = any(${[...ids]}::text[])`}
          and exists (select from decision_days i where i.decision_id = e.decision_id and i.project = e.project)
          and not exists (
            select from outcomes o where o.decision_id = e.decision_id and o.project = e.project
              and o.label = e.label and o.observed_at = e.observed_at and ${written})
        order by e.written_at limit ${BATCH}`.execute(db)
      return rows.map((row) => ({ decisionId: row.id, label: row.label, observedAt: row.at.getTime() }))
    },
    async earlyCounts(project) {
      const days = await earlyDays(db, project)
      if (days.length === 0) return { kept: 0, unknown: 0 }
      const { rows } = await sql<{ kept: string; unknown: string }>`
        select count(*) as kept, count(*) filter (where not exists (
          select from decision_days i where i.decision_id = e.decision_id and i.project = ${project})) as unknown
        from (
          select distinct decision_id from early_labels
          where project = ${project} and written_day = any(${days}::date[])) e`.execute(db)
      return { kept: Number(rows[0]?.kept ?? 0), unknown: Number(rows[0]?.unknown ?? 0) }
    },
  }
}

/** Days on which labels of unknown decisions arrived. */
async function earlyDays(db: Database, project: string): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select written_day::text as day from run_days
    where project = ${project} and workflow_id = '' and rows_of = 'early_labels'`.execute(db)
  return rows.map(({ day }) => day)
}
