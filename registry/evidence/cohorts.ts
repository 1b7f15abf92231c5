import { sql } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import type { Arm } from '../../contracts/names.js'
import type { Database } from '../database/connect.js'
import type { CohortCounts, CohortQuery, Registry } from '../types.js'

/** Of a loss, in the project's unit. */
const KEPT_DECIMALS = 30

interface Row extends Omit<CohortCounts, 'mature' | 'exposed' | 'labelled'> {
  readonly exposed: string
  readonly labelled: string
}

export function createCohortReader(db: Database): Pick<Registry, 'cohorts' | 'latestDecision' | 'cut'> {
  return {
    async cohorts(query) {
      const { asOf, labelHorizonMs } = query
      const { rows } = await cohortsQuery(query).execute(db)
      return rows.map((row) => ({
        ...row,
        exposed: Number(row.exposed),
        labelled: Number(row.labelled),
        mature: Date.parse(row.day) + DAY_MS + labelHorizonMs <= asOf,
      }))
    },
    async cut() {
      const { rows } = await sql<{ cut: string }>`select pg_current_snapshot()::text as cut`.execute(db)
      return rows[0]?.cut ?? ''
    },
    async latestDecision(project, workflowId) {
      const row = await db
        .selectFrom('decisions')
        .select((select) => select.fn.max('event_at').as('newest'))
        .where('project', '=', project)
        .where('workflow_id', '=', workflowId)
        .where('source', '=', 'replay')
        .executeTakeFirst()
      const newest = row?.newest as Date | null | undefined
      return newest?.getTime() ?? null
    },
  }
}

/**
 * The label observed last counts, whatever the order in which labels were delivered. Sums are taken over numeric, which is exact: over doubles the last bit would depend on the order in which rows are read,
 * and the same evidence would not have the same digest twice. Rounded, because the square of a loss next to nothing is a
 * double no more, and PostgreSQL then refuses the whole query.
 */
function cohortsQuery({ project, workflowId, arms, asOf, labelHorizonMs, source = 'replay', cut }: CohortQuery) {
  const instant = sql`${new Date(asOf).toISOString()}::timestamptz`
  const seen = (xid: string) =>
    cut === undefined ? sql`true` : sql`pg_visible_in_snapshot(${sql.ref(xid)}, ${cut}::pg_snapshot)`
  const ofArms = arms === undefined ? sql`true` : sql`d.arm = any(${[...arms] as Arm[]}::text[])`
  return sql<Row>`
    select to_char(d.event_at at time zone 'UTC', 'YYYY-MM-DD') as day, d.arm,
      count(*) as exposed,
      count(o.loss) as labelled,
      coalesce(sum(o.loss), 0)::float8 as "lossSum",
      coalesce(sum(o.loss * o.loss), 0)::float8 as "lossSumSquares",
      avg(d.weight)::float8 as weight
    from decisions d
    left join lateral (
      select round(loss::numeric, ${KEPT_DECIMALS}::int) as loss from outcomes
      where project = d.project and decision_id = d.decision_id
        and observed_at <= ${instant}
        and observed_at <= d.event_at + ${labelHorizonMs}::float8 * interval '1 millisecond'
        and ${seen('written_xid')}
      order by observed_at desc, version desc limit 1
    ) o on true
    where d.project = ${project} and d.workflow_id = ${workflowId} and d.source = ${source}
      and d.event_at <= ${instant} and ${ofArms} and ${seen('d.written_xid')}
    group by 1, 2
    order by 1, 2`
}
