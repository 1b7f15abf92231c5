/** Sums by entity, the unit of randomisation: docs/decisions/160 defines them. */
import { type RawBuilder, sql } from 'kysely'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import type { Database } from '../database/connect.js'
import { countedDecisions } from './cohorts.js'
import type { EntityQuery, EntitySums, EvidenceArea } from './evidence-area.js'
import { joined, type WrittenDays, writtenDays } from './written-days.js'

export function createEntityReader(db: Database): Pick<EvidenceArea, 'entitySums'> {
  return {
    async entitySums(query) {
      const [found] = await joined(db, entityQuery(await writtenDays(db, query), query))
      const { cohorts, ...clusters } = found ?? { cohorts: null, effect: 0, balanced: 0, coverage: 0, estimate: 0 }
      return { cohorts: cohorts ?? [], clusters }
    },
  }
}

type Row = EntitySums['clusters'] & { readonly cohorts: EntitySums['cohorts'] | null }

/**
 * One statistic of a day and arm: how many decisions of the day count in this arm and in the other, and the sum of
 * their values here. `own` are those of one entity.
 */
interface Columns {
  readonly count: string
  readonly sum: string
}

/** Numbers are exact (`numeric`), so that the result does not depend on the order of the rows. */
export function entityQuery(days: WrittenDays, query: EntityQuery): RawBuilder<Row> {
  const { asOf, labelHorizonMs, challenger, reference, firstDay, lastDay } = query
  const lastMature = utcDay(asOf - labelHorizonMs - DAY_MS)
  return sql<Row>`
    with decided as materialized (
      select to_char(d.event_at at time zone 'UTC', 'YYYY-MM-DD') as day, d.arm, d.entity_hash as entity, d.event_at,
        c.loss, e.loss as expected
      from ${countedDecisions(days, { ...query, arms: [challenger, reference] })}
    ),
    own as materialized (
      select entity, day, arm, day <= ${lastMature} as mature, min(event_at) as first, count(*) as exposed,
        count(loss) as labelled, coalesce(sum(loss), 0) as losses,
        count(expected) as estimated, coalesce(sum(expected), 0) as estimates
      from decided where day >= ${firstDay} and day <= ${lastDay}
      group by entity, day, arm
    ),
    cell as materialized (
      select day, arm, sum(exposed) as exposed, sum(labelled) as labelled, sum(losses) as losses,
        sum(estimated) as estimated, sum(estimates) as estimates
      from own group by day, arm
    ),
    residual as (
      select own.entity, own.day, own.arm, own.mature,
        row_number() over (partition by own.entity order by own.first, own.arm) = 1 as new,
        case when own.arm = ${challenger} then 1 else -1 end as sign,
        ${residual({ count: 'labelled', sum: 'losses' })} as loss,
        ${residualWithout({ count: 'labelled', sum: 'losses' })} as loss_without,
        ${residualWithout({ count: 'exposed', sum: 'labelled' })} as coverage,
        ${residualWithout({ count: 'estimated', sum: 'estimates' })} as estimate,
        ${weight('labelled')} as loss_weight, ${weight('exposed')} as coverage_weight,
        ${weight('estimated')} as estimate_weight,
        cell.labelled <= 4 * other.labelled and other.labelled <= 4 * cell.labelled as balanced
      from own join cell using (day, arm) left join cell other on other.day = own.day and other.arm <> own.arm
    ),
    entity as (
      select sum(sign * loss_weight * loss_without) filter (where mature) as effect,
        sum(sign * loss_weight * loss_without) filter (where mature and balanced) as balanced,
        sum(sign * coverage_weight * coverage) filter (where mature) as coverage,
        sum(sign * estimate_weight * estimate) filter (where not mature) as estimate
      from residual group by entity
    )
    select ${squares('effect')} as effect, ${squares('balanced')} as balanced, ${squares('coverage')} as coverage,
      ${squares('estimate')} as estimate,
      (select json_agg(row_to_json(of)) from (
        select day, arm, count(*) as entities, count(*) filter (where new) as "newEntities",
          coalesce(sum(loss * loss), 0)::float8 as "clusterSquares"
        from residual group by day, arm order by day, arm
      ) of) as cohorts
    from entity`
}

/** Σ (value − mean of the cohort) of one entity's decisions of a day; null where the cohort has none. */
const residual = ({ count, sum }: Columns) =>
  sql`own.${sql.ref(sum)} - own.${sql.ref(count)} * cell.${sql.ref(sum)} / nullif(cell.${sql.ref(count)}, 0)`

/** As if the entity had no part in the mean: one with most of the decisions is the mean (docs/decisions/303). */
const residualWithout = ({ count, sum }: Columns) =>
  withoutEntity({
    residual: residual({ count, sum }),
    count: sql.ref(`own.${count}`),
    sum: sql.ref(`own.${sum}`),
    all: sql.ref(`cell.${count}`),
    other: sql`other.${sql.ref(sum)} / nullif(other.${sql.ref(count)}, 0)`,
  })

/** @param of the residual, the entity's decisions and their sum, all decisions of its arm, the other arm's mean */
export const withoutEntity = ({
  residual: of,
  count,
  sum,
  all,
  other,
}: Record<'residual' | 'count' | 'sum' | 'all' | 'other', RawBuilder<unknown>>) =>
  sql`case when ${count} <= 1 then ${of} when ${count} < ${all} then (${of}) * (${all} - 1) / (${all} - ${count})
    else ${sum} - ${count} * (${other}) end`

/** Of the other arm ÷ of both; null where one of them has none. */
const weight = (count: string) =>
  sql`nullif(other.${sql.ref(count)}, 0) / (cell.${sql.ref(count)} + nullif(other.${sql.ref(count)}, 0))`

const squares = (name: string) => sql`coalesce(sum(${sql.ref(name)} * ${sql.ref(name)}), 0)::float8`
