/** A candidate in the shadow beside production, on the same requests. */
import { sql } from 'kysely'
import type { ShadowNumbers } from '../../contracts/ledger/index.js'
import { SHADOW_FAILED, SHADOW_SUFFIX } from '../../contracts/shadow-decisions.js'
import type { Database } from '../database/connect.js'
import { seenIn } from './database-snapshot.js'
import type { EvidenceArea } from './evidence-area.js'
import { daysOfRun, timestamp } from './written-days.js'

/** The newest shadow decisions that are compared. */
const MOST = 10_000
/** Larger than any output of a model, and its difference is a double. */
const LARGEST = 1e300

interface Row {
  readonly compared: string
  readonly failed: string
  readonly other: string
  readonly quantiles: [number, number, number] | null
  readonly largest: number | null
  readonly segments: NonNullable<ShadowNumbers['segments']> | null
}

export function createShadowReader(db: Database): Pick<EvidenceArea, 'shadowNumbers'> {
  return {
    async shadowNumbers({ project, workflowId, releaseId, from, asOf, source = 'replay', cut }) {
      const failed = sql`s.action = ${SHADOW_FAILED} and s.output = '{}'::jsonb`
      const newest = sql`
        select d.decision_id, d.output, d.action, d.written_day from decisions d
        where d.project = ${project} and d.workflow_id = ${workflowId} and d.release_id = ${releaseId}
          and d.arm = 'shadow' and d.source = ${source} and ${await daysOfRun(db, project, workflowId)}
          and d.event_at >= ${timestamp(from)} and d.event_at <= ${timestamp(asOf)} and ${seenIn('d', cut)}
        order by d.event_at desc, d.decision_id limit ${MOST}`
      const query = sql<Row>`
        with pair as materialized (
        select ${failed} as failed, s.action <> p.action and not (${failed}) as other, x.difference, p.segments
        from (${newest}) s
        -- A decision that was spooled may have been written a day later.
        join decisions p on p.decision_id = left(s.decision_id, -length(${SHADOW_SUFFIX})) and p.project = ${project}
          and p.written_day >= s.written_day - 1 and p.written_day <= s.written_day + 1
        cross join lateral (
          select max(least(abs(v.value::text::numeric - (p.output -> v.key)::text::numeric), ${LARGEST}::numeric))::float8
            as difference
          from jsonb_each(s.output) v
          where jsonb_typeof(v.value) = 'number' and jsonb_typeof(p.output -> v.key) = 'number') x
        )
        select count(*) as compared, count(*) filter (where failed) as failed, count(*) filter (where other) as other,
          percentile_cont(array[.5, .9, .99]) within group (order by difference) as quantiles,
          max(difference) as largest,
          (select json_agg(row_to_json(part)) from (
            select segment, count(*) as compared, count(*) filter (where failed) as failed,
              count(*) filter (where other) as "otherActions",
              percentile_cont(.99) within group (order by difference) as p99
            from pair cross join unnest(segments) segment group by segment order by segment) part) as segments
        from pair`
      const [row] = await db.transaction().execute(async (transaction) => {
        // A lookup by key for each of at most that many; partitions of today have no statistics that would say so.
        await sql`set local enable_hashjoin = off`.execute(transaction)
        await sql`set local enable_mergejoin = off`.execute(transaction)
        return (await query.execute(transaction)).rows
      })
      const [median = 0, p90 = 0, p99 = 0] = row?.quantiles ?? []
      const differences = row?.quantiles && row.largest !== null ? { median, p90, p99, largest: row.largest } : null
      const { compared, failed: failures, other } = row ?? { compared: 0, failed: 0, other: 0 }
      return {
        compared: Number(compared),
        failed: Number(failures),
        otherActions: Number(other),
        differences,
        ...(row?.segments ? { segments: row.segments } : {}),
      } satisfies Omit<ShadowNumbers, 'mature'>
    },
  }
}
