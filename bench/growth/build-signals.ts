/** Operator actions that one run has received, made inside the database. */
import type pg from 'pg'

/** Needs the function that `buildLedger` makes for the session. */
export async function buildSignals(owner: pg.Client, run: string, count: number): Promise<void> {
  await owner.query(
    `select pg_temp.growth_append('p0', 'operator_action', $1, $1 || ':action:' || n,
       json_build_object('id', n::text, 'action', 'pause', 'by', 'ana', 'reason', 'storm', 'accepted', false,
         'message', 'it is paused already')::text)
     from generate_series(1, $2::int) n`,
    [run, count],
  )
}
