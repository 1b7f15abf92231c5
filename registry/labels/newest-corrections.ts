/** Newest corrections of a project: what a page reads does not depend on how many labels or days are stored. */
import { sql } from 'kysely'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { SCORING_FAILED } from '../../contracts/scoring-failure.js'
import type { Database } from '../database/connect.js'
import { writtenOnLabelDays } from './label-days.js'
import type { CorrectedLabel, OutcomeRow } from './label-types.js'
import type { LabelsArea } from './labels-area.js'

/** Days of writing that one page reads. */
const DAYS = 7
/** Corrections of all projects that one page reads: the index on corrected labels has no project. */
const READ = 1_000

interface Found {
  readonly read: number
  /** Microseconds since 1970. */
  readonly last: string | null
  readonly count: number
  readonly rows: readonly (Omit<CorrectedLabel, 'previous'> & { readonly place: string })[] | null
}

export function createCorrectionPages(db: Database): Pick<LabelsArea, 'newestCorrections'> {
  return {
    async newestCorrections(project, { before, most }) {
      const { today, oldest } = await range(db, project)
      const place = before !== null && /^\d{1,16}$/.test(before) ? before : null
      const last = place === null ? today : utcDay(Math.min(Number(place) / 1_000, Date.parse(today)))
      const days = Array.from({ length: DAYS }, (_, ago) => utcDay(Date.parse(last) - ago * DAY_MS))
      const first = days.at(-1) ?? last
      const { rows } = await correctionsOn(project, { days, place, most }).execute(db)
      const found = rows[0] ?? { read: 0, last: null, count: 0, rows: null }
      const own = found.rows ?? []
      const more = found.count > own.length
      const next = more ? own.at(-1)?.place : found.read === READ ? found.last : beginning(first, oldest)
      return {
        from: first,
        count: found.count,
        complete: found.read < READ,
        labels: await withPrevious(db, project, own),
        next: next ?? null,
      }
    },
  }
}

/** Today, by the clock that chooses the day of writing, and the day on which the project's ledger begins. */
async function range(db: Database, project: string): Promise<{ today: string; oldest: string | null }> {
  const { rows } = await sql<{ today: string; oldest: string | null }>`
    select (clock_timestamp() at time zone 'UTC')::date::text as today, (
      select (at at time zone 'UTC')::date::text from chain_entries
      where project = ${project} order by seq limit 1) as oldest`.execute(db)
  return rows[0] ?? { today: utcDay(Date.now()), oldest: null }
}

const beginning = (first: string, oldest: string | null): string | null =>
  oldest !== null && oldest < first ? String(Date.parse(first) * 1_000) : null

/** The first label after a failed scoring is version 2, and corrects nothing. */
export const correctionsOn = (
  project: string,
  { days, place, most }: { days: readonly string[]; place: string | null; most: number },
) => sql<Found>`
  with newest as materialized (
    select project, decision_id, workflow_id, version, label, loss, observed_at, written_at from outcomes
    where version > 1 and written_day = any(${[...days]}::date[])
      and ${place === null ? sql`true` : sql`written_at < 'epoch'::timestamptz + ${place}::bigint * interval '1 microsecond'`}
    order by written_at desc limit ${sql.lit(READ)}
  ), own as materialized (
    select *, (extract(epoch from written_at) * 1000000)::bigint::text as place from newest
    where project = ${project} and not (version = 2 and jsonb_exists(label, ${SCORING_FAILED}))
  )
  select count(*)::int as read, (extract(epoch from min(written_at)) * 1000000)::bigint::text as last,
    (select count(*)::int from own) as count,
    (select json_agg(json_build_object('decisionId', decision_id, 'workflowId', nullif(workflow_id, ''),
        'version', version, 'label', label, 'loss', loss, 'place', place,
        'observedAt', extract(epoch from observed_at) * 1000, 'writtenAt', extract(epoch from written_at) * 1000)
        order by written_at desc)
      from (select * from own order by written_at desc limit ${most}) as shown) as rows
  from newest`

async function withPrevious(
  db: Database,
  project: string,
  labels: readonly Omit<CorrectedLabel, 'previous'>[],
): Promise<CorrectedLabel[]> {
  if (labels.length === 0) return []
  const ids = [...new Set(labels.map(({ decisionId }) => decisionId))]
  const written = await writtenOnLabelDays(db, project, ids)
  const { rows } = await sql<Pick<OutcomeRow, 'version' | 'label' | 'loss'> & { id: string; at: Date }>`
    select decision_id as id, version, label, loss, observed_at as at from outcomes
    where project = ${project} and decision_id = any(${ids}::text[]) and ${written}`.execute(db)
  const known = new Map(
    rows.map(({ id, version, label, loss, at }) => [
      JSON.stringify([id, version]),
      { label, loss, observedAt: at.getTime() },
    ]),
  )
  return labels.map((one) => ({
    decisionId: one.decisionId,
    workflowId: one.workflowId,
    version: one.version,
    label: one.label,
    loss: one.loss,
    observedAt: one.observedAt,
    writtenAt: one.writtenAt,
    previous: known.get(JSON.stringify([one.decisionId, one.version - 1])) ?? null,
  }))
}
