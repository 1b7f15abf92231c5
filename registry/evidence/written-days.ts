/**
 * The partitions that can hold the rows of a query (docs/decisions/115). The days are read first and given to the query
 * as values: PostgreSQL then opens only their partitions. Without them each look would search every day.
 */
import { type RawBuilder, sql } from 'kysely'
import { DAY_MS } from '../../contracts/duration.js'
import type { Database } from '../database/connect.js'
import type { CohortQuery } from './evidence-area.js'

export interface WrittenDays {
  /** Condition on decisions `d`. */
  readonly decisions: RawBuilder<unknown>
  /** Query of all versions of their labels, and of labels of other decisions. */
  readonly labels: RawBuilder<unknown>
}

const LABEL = sql`decision_id, version, label, loss, observed_at, written_xid, written_epoch`

export const timestamp = (epochMs: number) => sql`${new Date(epochMs).toISOString()}::timestamptz`

const days = (all: readonly string[] | null) => sql`${[...(all ?? [])]}::date[]`

/** The day of writing of a live decision made at this instant, or the day before: a client's clock may be ahead. */
const dayBefore = (epochMs: number) => sql`(${timestamp(epochMs - DAY_MS)} at time zone 'UTC')::date`

/**
 * Decisions that were made before an instant. Those that were written in the week after it, or later on a day that is
 * listed as late: so a period of last year does not read this year's days.
 */
export async function before(db: Database, project: string, epochMs: number): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<{ day: string }>`
    select written_day::text as day from run_days
    where project = ${project} and workflow_id = '' and rows_of = 'late'`.execute(db)
  const late = days(rows.map(({ day }) => day))
  return sql`d.event_at < ${timestamp(epochMs)}
    and (d.written_day < ${dayBefore(epochMs + 9 * DAY_MS)} or d.written_day = any(${late}))`
}

/** Also limits the day of writing, by which the table is partitioned. */
export const since = (epochMs: number) =>
  sql`d.event_at >= ${timestamp(epochMs)} and d.written_day >= ${dayBefore(epochMs)}`

/** Condition on the decisions of a run: the days on which they were written. */
export async function daysOfRun(db: Database, project: string, workflowId: string): Promise<RawBuilder<boolean>> {
  const { rows } = await sql<{ day: string }>`
    select written_day::text as day from run_days
    where project = ${project} and workflow_id = ${workflowId} and rows_of = 'decisions'`.execute(db)
  return sql<boolean>`written_day = any(${days(rows.map(({ day }) => day))})`
}

export async function writtenDays(
  db: Database,
  { project, workflowId, from }: Pick<CohortQuery, 'project' | 'workflowId' | 'from'>,
): Promise<WrittenDays> {
  if (workflowId === undefined) return withoutRun(db, project, from)
  const { rows } = await sql<{
    decided: string[] | null
    labelled: string[] | null
    first: string | null
    unkeyed: string | null
  }>`
    select array_agg(written_day::text) filter (where rows_of = 'decisions') as decided,
      array_agg(written_day::text) filter (where rows_of = 'outcomes') as labelled,
      min(written_day) filter (where rows_of = 'decisions')::text as first,
      ${UNKEYED_UNTIL} as unkeyed
    from run_days where project = ${project} and workflow_id = ${workflowId}`.execute(db)
  const [found] = rows
  const decided = days(found?.decided ?? null)
  const keyed = sql`
    select ${LABEL} from outcomes
    where project = ${project} and workflow_id = ${workflowId} and written_day = any(${days(found?.labelled ?? null)})`
  return {
    decisions: sql`d.written_day = any(${decided})`,
    labels:
      found?.first && found.unkeyed && found.first <= found.unkeyed
        ? sql`${keyed} union all ${withoutKey(project, sql`${found.first}::date`, found.unkeyed)}`
        : keyed,
  }
}

/** Decisions of any run: bounded by the instant alone. */
async function withoutRun(db: Database, project: string, from: number | undefined): Promise<WrittenDays> {
  const first = from === undefined ? sql`'-infinity'::date` : dayBefore(from)
  const { rows } = await sql<{ unkeyed: string | null }>`select ${UNKEYED_UNTIL} as unkeyed`.execute(db)
  const unkeyed = rows[0]?.unkeyed
  const keyed = sql`
    select ${LABEL} from outcomes where project = ${project} and workflow_id is not null and written_day >= ${first}`
  return {
    decisions: sql`d.written_day >= ${first}`,
    labels: unkeyed ? sql`${keyed} union all ${withoutKey(project, first, unkeyed)}` : keyed,
  }
}

/** Rows of builds that did not write the run to labels were written up to this day. */
const UNKEYED_UNTIL = sql`(select labels_without_run_until::text from evidence_epochs where epoch = 1)`

const withoutKey = (project: string, first: RawBuilder<unknown>, last: string) => sql`
  select ${LABEL} from outcomes
  where project = ${project} and workflow_id is null and written_day >= ${first} and written_day <= ${last}::date`

/**
 * Runs a query over many decisions and their labels. Today's partitions have no statistics yet: a nested loop would
 * look cheap there and read each label once per decision.
 */
export const joined = <Row>(db: Database, query: RawBuilder<Row>): Promise<Row[]> =>
  db.transaction().execute(async (transaction) => {
    await sql`set local enable_nestloop = off`.execute(transaction)
    return (await query.execute(transaction)).rows
  })
