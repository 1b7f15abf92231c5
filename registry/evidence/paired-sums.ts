/** Losses of a candidate in the shadow beside those of production, on the same requests: docs/decisions/196. */
import { type RawBuilder, sql } from 'kysely'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { SHADOW_FAILED, SHADOW_SUFFIX } from '../../contracts/shadow-decisions.js'
import type { Paired } from '../../contracts/types.js'
import type { Database } from '../database/connect.js'
import { beyond, countedDecisions } from './cohorts.js'
import type { EvidenceArea, PairedQuery } from './evidence-area.js'
import { joined, type WrittenDays, writtenDays } from './written-days.js'

interface Row extends Pick<Paired, 'clusterSquares'> {
  readonly days: Paired['days'] | null
}

export function createPairedReader(db: Database): Pick<EvidenceArea, 'pairedSums'> {
  return {
    async pairedSums(query) {
      const [found] = await joined(db, pairedQuery(await writtenDays(db, query), query))
      return { days: found?.days ?? [], clusterSquares: found?.clusterSquares ?? 0 }
    },
  }
}

/**
 * A failure has no output, and no label is copied to it. It costs what the policy says, where production's decision has
 * a label: otherwise a candidate that fails on hard inputs would not be compared on them. Numbers are exact
 * (`numeric`).
 */
function pairedQuery(days: WrittenDays, query: PairedQuery): RawBuilder<Row> {
  const { asOf, labelHorizonMs, candidate, reference, firstDay, lastDay, failureLoss } = query
  const lastMature = utcDay(asOf - labelHorizonMs - DAY_MS)
  const counted = countedDecisions(days, { ...query, arms: ['shadow', 'production'], releases: [candidate, reference] })
  return sql<Row>`
    with decided as materialized (
      select to_char(d.event_at at time zone 'UTC', 'YYYY-MM-DD') as day, d.decision_id, d.arm, d.entity_hash as entity,
        d.action, c.loss, ${beyond(query)} as beyond
      from ${counted}
    ),
    pair as materialized (
      select p.day, p.entity, p.day <= ${lastMature} as mature, s.action = ${SHADOW_FAILED} and s.loss is null as failed,
        p.loss as zero,
        case when s.action = ${SHADOW_FAILED} and s.loss is null then ${failureLoss}::numeric else s.loss end as one,
        coalesce(p.beyond, false) or coalesce(s.beyond, false) as beyond
      from decided s
      join decided p on p.arm = 'production' and p.decision_id = left(s.decision_id, -length(${SHADOW_SUFFIX}))
      where s.arm = 'shadow' and p.day >= ${firstDay} and p.day <= ${lastDay}
    ),
    own as materialized (
      select day, mature, entity, count(*) as exposed, count(*) filter (where failed) as failed,
        count(zero) as reference, count(one - zero) as labelled, count(*) filter (where one <> zero) as differing,
        count(one - zero) filter (where beyond) as beyond,
        coalesce(sum(one - zero), 0) as sum, coalesce(sum((one - zero) * (one - zero)), 0) as squares
      from pair group by day, mature, entity
    ),
    cell as materialized (
      select day, sum(labelled) as labelled, sum(sum) as sum from own group by day
    ),
    residual as materialized (
      select own.*, own.sum - own.labelled * cell.sum / nullif(cell.labelled, 0) as residual
      from own join cell using (day)
    )
    select
      (select coalesce(sum(total * total), 0)::float8 from (
        select sum(residual) as total from residual where mature group by entity) entity) as "clusterSquares",
      (select json_agg(row_to_json(of)) from (
        select day, mature, sum(exposed)::int8 as exposed, sum(failed)::int8 as failed,
          sum(reference)::int8 as "referenceLabelled", sum(labelled)::int8 as labelled,
          sum(differing)::int8 as differing, sum(beyond)::int8 as "beyondBound", sum(sum)::float8 as sum,
          sum(squares)::float8 as "sumSquares", count(*) as entities,
          coalesce(sum(residual * residual), 0)::float8 as "clusterSquares"
        from residual group by day, mature order by day
      ) of) as days`
}
