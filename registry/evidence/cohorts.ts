import { sql } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import type { Arm } from '../../contracts/names.js'
import type { Database } from '../database/connect.js'
import { databaseSnapshot, seenIn } from './database-snapshot.js'
import type { CohortCounts, CohortQuery, EvidenceArea } from './evidence-area.js'
import { daysOfRun, joined, since, timestamp, type WrittenDays, writtenDays } from './written-days.js'

/** Decimals of a loss, in the project's unit, that enter the sums. */
const KEPT_DECIMALS = 30

/** int8 arrives as text. */
const COUNTS = ['exposed', 'labelled', 'beyondBound', 'estimated'] as const
type Counts = (typeof COUNTS)[number]
type Row = Omit<CohortCounts, 'mature' | Counts> & Readonly<Record<Counts, string>>

export function createCohortReader(
  db: Database,
): Pick<EvidenceArea, 'cohorts' | 'latestDecision' | 'latestLiveDecision' | 'databaseSnapshot'> {
  return {
    async cohorts(query) {
      const { asOf, labelHorizonMs } = query
      const rows = await joined(db, cohortsQuery(await writtenDays(db, query), query))
      return rows.map((row) => ({
        ...row,
        ...(Object.fromEntries(COUNTS.map((name) => [name, Number(row[name])])) as Record<Counts, number>),
        mature: Date.parse(row.day) + DAY_MS + labelHorizonMs <= asOf,
      }))
    },
    databaseSnapshot: () => databaseSnapshot(db),
    async latestDecision(project, workflowId) {
      const row = await db
        .selectFrom('decisions')
        .select((select) => select.fn.max('event_at').as('newest'))
        .where('project', '=', project)
        .where('workflow_id', '=', workflowId)
        .where('source', '=', 'replay')
        .where(await daysOfRun(db, project, workflowId))
        .executeTakeFirst()
      const newest = row?.newest as Date | null | undefined
      return newest?.getTime() ?? null
    },
    async latestLiveDecision(project, workflowId, arm) {
      const row = await db
        .selectFrom('decisions')
        .select(['decision_id', 'event_at'])
        .where('project', '=', project)
        .where('workflow_id', '=', workflowId)
        .where('source', '=', 'live')
        .where(await daysOfRun(db, project, workflowId))
        .where(arm === undefined ? sql<boolean>`true` : sql<boolean>`arm = ${arm}`)
        .orderBy('event_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? { decisionId: row.decision_id, eventAt: row.event_at.getTime() } : null
    },
  }
}

export const observedBy = (epochMs: number) => sql`o.observed_at <= ${timestamp(epochMs)}`

/** Condition on the outcomes `o` of decision `d`: those that a look used. */
export const usedBy = ({
  asOf,
  labelHorizonMs,
  cut,
}: {
  asOf: number
  labelHorizonMs: number
  cut: string | undefined
}) =>
  sql`${observedBy(asOf)} and o.observed_at <= d.event_at + ${labelHorizonMs}::float8 * interval '1 millisecond'
    and ${seenIn('o', cut)}`

/**
 * One row per decision `d`, for `select` and `order by`, with the label that was observed last, in whatever order
 * labels were delivered. Compared by bytes, which is several times as fast as by the rules of a language.
 */
export const EACH_DECISION = sql`distinct on (d.decision_id collate "C", d.written_day)`
export const NEWEST_LABEL = sql`d.decision_id collate "C", d.written_day, o.observed_at desc, o.version desc`

/**
 * Sums use `numeric`, which is exact: with doubles the last bit would depend on the order of the rows, and the same
 * evidence would not always have the same digest. Losses are rounded, because the square of a tiny loss cannot be
 * converted to a double, and PostgreSQL would then refuse the whole query.
 */
export const cohortsQuery = (days: WrittenDays, query: CohortQuery) => sql<Row>`
    select to_char(d.event_at at time zone 'UTC', 'YYYY-MM-DD') as day, d.arm,
      count(*) as exposed,
      count(o.loss) as labelled,
      coalesce(sum(c.loss), 0)::float8 as "lossSum",
      coalesce(sum(c.loss * c.loss), 0)::float8 as "lossSumSquares",
      count(*) filter (where ${beyond(query)}) as "beyondBound",
      count(e.loss) as estimated,
      coalesce(sum(e.loss), 0)::float8 as "expectedLossSum",
      coalesce(sum(e.loss * e.loss), 0)::float8 as "expectedLossSumSquares",
      avg(d.weight)::float8 as weight
    from ${countedDecisions(days, query)}
    group by 1, 2
    order by 1, 2`

export const beyond = ({ lossBound }: CohortQuery) =>
  lossBound ? sql`o.loss < ${lossBound.lowest}::numeric or o.loss > ${lossBound.highest}::numeric` : sql`false`

/** Decisions `d` with their loss `o`, the loss `c` that counts within the bound, and the expected loss `e`. */
export function countedDecisions(
  days: WrittenDays,
  {
    project,
    workflowId,
    releaseId,
    from,
    arms,
    releases,
    asOf,
    labelHorizonMs,
    lossBound,
    source = 'replay',
    cut,
    labelsAsKnownBy,
  }: CohortQuery,
) {
  const known = labelsAsKnownBy === undefined ? usedBy({ asOf, labelHorizonMs, cut }) : observedBy(labelsAsKnownBy)
  const ofArms = arms === undefined ? sql`true` : sql`d.arm = any(${[...arms] as Arm[]}::text[])`
  const ofReleases = releases === undefined ? sql`true` : sql`d.release_id = any(${[...releases]}::text[])`
  const [lowest, highest] = [sql`${lossBound?.lowest ?? 0}::numeric`, sql`${lossBound?.highest ?? 0}::numeric`]
  const counted = lossBound?.beyond === 'winsorise' ? sql`least(greatest(o.loss, ${lowest}), ${highest})` : sql`o.loss`
  return sql`(
      select ${EACH_DECISION} d.decision_id, d.event_at, d.arm, d.entity_hash, d.weight, d.expected_loss, d.action,
        d.segments, o.loss
      from decisions d left join (${days.labels}) o on o.decision_id = d.decision_id and ${known}
      where d.project = ${project} and ${workflowId === undefined ? sql`true` : sql`d.workflow_id = ${workflowId}`}
        and ${releaseId === undefined ? sql`true` : sql`d.release_id = ${releaseId}`}
        and ${from === undefined ? sql`true` : since(from)} and ${days.decisions} and d.source = ${source}
        and d.event_at <= ${timestamp(asOf)} and ${ofArms} and ${ofReleases} and ${seenIn('d', cut)}
      order by ${NEWEST_LABEL}
    ) d
    cross join lateral (select round(d.loss::numeric, ${KEPT_DECIMALS}::int) as loss) o
    cross join lateral (select case when o.loss is null then null else ${counted} end as loss) c
    cross join lateral (select round(d.expected_loss::numeric, ${KEPT_DECIMALS}::int) as loss) e`
}
