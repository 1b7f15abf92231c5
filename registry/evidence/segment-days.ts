/** Losses by segment, day and arm of mature days, and the sums by entity that belong to them (docs/decisions/193). */
import { type RawBuilder, sql } from 'kysely'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { UNKNOWN_SEGMENT } from '../../contracts/segments.js'
import type { Database } from '../database/connect.js'
import { countedDecisions } from './cohorts.js'
import { withoutEntity } from './entity-sums.js'
import type { EvidenceArea, SegmentDays, SegmentQuery } from './evidence-area.js'
import { joined, type WrittenDays, writtenDays } from './written-days.js'

export function createSegmentReader(db: Database): Pick<EvidenceArea, 'segmentDays'> {
  return {
    async segmentDays(query) {
      return joined(db, segmentQuery(await writtenDays(db, query), query))
    },
  }
}

const RESIDUAL = sql`own.losses - own.labelled * cell.losses / cell.labelled`

/**
 * As the query of sums by entity, for each segment alone; without a loss bound of days at most 4:1 only. A decision
 * without recorded segments is `unknown`.
 */
export function segmentQuery(days: WrittenDays, query: SegmentQuery): RawBuilder<SegmentDays> {
  const { asOf, labelHorizonMs, challenger, reference, firstDay, lastDay, names, lossBound } = query
  const used = lossBound ? sql`true` : sql`cell.labelled <= 4 * other.labelled and other.labelled <= 4 * cell.labelled`
  const lastMature = [utcDay(asOf - labelHorizonMs - DAY_MS), lastDay].sort()[0] ?? lastDay
  return sql<SegmentDays>`
    with decided as materialized (
      select to_char(d.event_at at time zone 'UTC', 'YYYY-MM-DD') as day, d.arm, d.entity_hash as entity, c.loss,
        unnest(coalesce(d.segments, ${[UNKNOWN_SEGMENT]}::text[])) as segment
      from ${countedDecisions(days, { ...query, arms: [challenger, reference] })}
      where c.loss is not null
    ),
    own as materialized (
      select segment, entity, day, arm, count(*) as labelled, sum(loss) as losses, sum(loss * loss) as squares
      from decided where day >= ${firstDay} and day <= ${lastMature} and segment = any(${[...names, UNKNOWN_SEGMENT]}::text[])
      group by segment, entity, day, arm
    ),
    cell as materialized (
      select segment, day, arm, sum(labelled) as labelled, sum(losses) as losses, sum(squares) as squares
      from own group by segment, day, arm
    ),
    residual as materialized (
      select own.segment, own.entity, own.day, own.arm,
        ${RESIDUAL} as loss,
        ${withoutEntity({
          residual: RESIDUAL,
          count: sql`own.labelled`,
          sum: sql`own.losses`,
          all: sql`cell.labelled`,
          other: sql`other.losses / other.labelled`,
        })} as loss_without,
        case when own.arm = ${challenger} then 1 else -1 end * other.labelled / (cell.labelled + other.labelled) as weight
      from own join cell using (segment, day, arm)
        join cell other on other.segment = own.segment and other.day = own.day and other.arm <> own.arm
      where ${used}
    ),
    entity as (
      select segment, sum(weight * loss_without) as value from residual group by segment, entity
    ),
    clustered as (
      select segment, day, arm, sum(loss * loss) as squares from residual group by segment, day, arm
    )
    select segment as name, sum(value * value)::float8 as "byEntity",
      (select json_agg(row_to_json(of)) from (
        select cell.day, cell.arm, cell.labelled, cell.losses::float8 as "lossSum",
          cell.squares::float8 as "lossSumSquares", clustered.squares::float8 as "clusterSquares"
        from cell join clustered using (segment, day, arm) where cell.segment = entity.segment order by cell.day, cell.arm
      ) of) as cohorts
    from entity group by segment order by segment collate "C"`
}
