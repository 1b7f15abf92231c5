/**
 * Newest labels that arrived before their decision. Their table has no index by time, and needs none: rows are only
 * appended, so their physical order is the order of writing (docs/decisions/254).
 */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import { partitionOf } from '../retention/stored-days.js'
import type { EarlyLabel } from './label-types.js'
import type { LabelsArea } from './labels-area.js'

/** Days on which such labels arrived that one page reads. */
const DAYS = 7
/** Blocks of 8 kB that one statement reads, and statements of one page. */
const BLOCKS = 16
const STATEMENTS = 8

/** Rows before it have not been read. */
interface Place {
  readonly day: string
  readonly block: number
  readonly item: number
}

type Row = Omit<EarlyLabel, 'observedAt' | 'writtenAt'> & { readonly at: Date; readonly written: Date; place: string }

export function createEarlyPages(db: Database): Pick<LabelsArea, 'newestEarly'> {
  return {
    async newestEarly(project, { before, most }) {
      const begin = placeIn(before)
      const days = await newestDays(db, project, begin?.day ?? null)
      const rows: (Row & { day: string })[] = []
      let statements = 0
      let next: Place | null = null
      search: for (const day of days) {
        let upper: Place = begin?.day === day ? begin : { day, block: await blocksOf(db, day), item: 0 }
        while (upper.block > 0 || upper.item > 0) {
          if (statements === STATEMENTS || rows.length > most) {
            next = upper
            break search
          }
          statements += 1
          const lower: Place = { day, block: Math.max(0, upper.block - BLOCKS), item: 0 }
          for (const row of (await earlyBetween(project, lower, upper).execute(db)).rows) rows.push({ ...row, day })
          upper = lower
        }
      }
      const [last] = days.slice(-1)
      if (next === null && days.length === DAYS && last !== undefined) next = { day: last, block: 0, item: 0 }
      const shown = rows.slice(0, most)
      const end = rows.length > most ? shown.at(-1) : undefined
      return {
        counted: rows.length,
        unjoined: rows.filter(({ decision }) => decision === null).length,
        complete: next === null,
        labels: shown.map(({ decisionId, label, at, written, decision }) => ({
          decisionId,
          label,
          observedAt: at.getTime(),
          writtenAt: written.getTime(),
          decision,
        })),
        next: end ? `${end.day}/${end.place}` : next && `${next.day}/${next.block}/${next.item}`,
      }
    },
  }
}

function placeIn(text: string | null): Place | null {
  const [, day, block, item] = /^(\d{4}-\d\d-\d\d)\/(\d{1,9})\/(\d{1,4})$/.exec(text ?? '') ?? []
  return day === undefined || Number.isNaN(Date.parse(day)) ? null : { day, block: Number(block), item: Number(item) }
}

async function newestDays(db: Database, project: string, last: string | null): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select written_day::text as day from run_days
    where project = ${project} and workflow_id = '' and rows_of = 'early_labels'
      and ${last === null ? sql`true` : sql`written_day <= ${last}::date`}
    order by written_day desc limit ${sql.lit(DAYS)}`.execute(db)
  return rows.map(({ day }) => day)
}

/** 0 for a day that was dropped. */
async function blocksOf(db: Database, day: string): Promise<number> {
  const { rows } = await sql<{ blocks: string }>`
    select coalesce(pg_relation_size(to_regclass(${partitionOf('early_labels', day)}))
      / current_setting('block_size')::int, 0) as blocks`.execute(db)
  return Number(rows[0]?.blocks ?? 0)
}

const tid = ({ block, item }: Place) => sql`${`(${block},${item})`}::tid`

/** A decision is looked up by its id from the day before on: it was not there when the label arrived. */
export const earlyBetween = (project: string, lower: Place, upper: Place) => sql<Row>`
  select e.decision_id as "decisionId", e.label, e.observed_at as at, e.written_at as written,
    trim(both '()' from replace(e.place::text, ',', '/')) as place, known.decision
  from (
    select decision_id, label, observed_at, written_at, ctid as place from early_labels
    where project = ${project} and written_day = ${lower.day}::date and ctid >= ${tid(lower)} and ctid < ${tid(upper)}
  ) e left join lateral (
    select json_build_object('workflowId', nullif(i.workflow_id, ''), 'day', i.written_day) as decision
    from decision_days i
    where i.decision_id = e.decision_id and i.project = ${project} and i.written_day >= ${lower.day}::date - 1
    order by i.written_day limit 1) known on true
  order by e.place desc`
