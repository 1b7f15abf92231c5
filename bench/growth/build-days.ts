/** Closed days and one open run with decisions and labels, generated inside the database. */
import type pg from 'pg'

export const OPEN = 'release/p0/open'

/** The newest past days, which are built and closed when closing is measured. */
export const DAYS_TO_CLOSE = 6

interface Day {
  /** Days before today, by the clock of the database. */
  readonly ago: number
  readonly rows: number
  /** The release that decided. */
  readonly release: string
}

/** A partition of a past day with decisions of production, no part of a run, and a label each. */
export async function buildDay(owner: pg.Client, { ago, rows, release }: Day): Promise<void> {
  const { rows: found } = await owner.query<{ day: string; next: string; name: string }>(
    `select day::text, (day + 1)::text as next, to_char(day, 'YYYYMMDD') as name
     from (select (clock_timestamp() at time zone 'UTC')::date - $1::int as day) d`,
    [ago],
  )
  const { day, next, name } = found[0] ?? { day: '', next: '', name: '' }
  for (const table of ['decisions', 'outcomes', 'early_labels'])
    await owner.query(
      `create table if not exists ${table}_${name} partition of ${table} for values from ('${day}') to ('${next}')`,
    )
  await insert(owner, { run: '', release, first: 0, rows, day, prefix: `old-${ago}-` })
}

/** Decisions of today with a label each. */
export async function buildOpenRun(owner: pg.Client, rows: number): Promise<void> {
  const { rows: found } = await owner.query<{ day: string }>(
    `select (clock_timestamp() at time zone 'UTC')::date::text as day`,
  )
  const day = found[0]?.day ?? ''
  await owner.query('select slipway_open_day($1::date)', [day])
  for (let first = 0; first < rows; first += BATCH)
    await insert(owner, {
      run: OPEN,
      release: 'p0_v1',
      first,
      rows: Math.min(BATCH, rows - first),
      day,
      prefix: 'open-',
    })
}

const BATCH = 50_000

interface Rows {
  readonly run: string
  readonly release: string
  readonly first: number
  readonly rows: number
  readonly day: string
  readonly prefix: string
}

async function insert(owner: pg.Client, { run, release, first, rows, day, prefix }: Rows): Promise<void> {
  await owner.query(
    `insert into decisions (project, decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action,
       stale, written_day)
     select 'p0', $5::text || n, $1, $6, case when $1 <> '' and n % 2 = 0 then 'canary' else 'production' end, 'live',
       md5(n::text), $4::date, jsonb_build_object('value', n % 10), 'none', false, $4::date
     from generate_series($2::int, $3::int) n`,
    [run, first, first + rows - 1, day, prefix, release],
  )
  await owner.query(
    `insert into outcomes (project, decision_id, version, label, loss, observed_at, written_day, workflow_id)
     select 'p0', $5::text || n, 1, '1', 0.5, $4::date, $4::date, $1 from generate_series($2::int, $3::int) n`,
    [run, first, first + rows - 1, day, prefix],
  )
}
