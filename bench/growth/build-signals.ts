/** Operator actions that one run has received, made inside the database. */
import type pg from 'pg'

/** Refused actions, numbered after `from`. Needs the function that `buildLedger` makes for the session. */
export async function buildSignals(owner: pg.Client, run: string, count: number, from = 0): Promise<void> {
  await owner.query(
    `select pg_temp.growth_append('p0', 'operator_action', $1, $1 || ':action:' || n,
       json_build_object('id', n::text, 'action', 'pause', 'by', 'ana', 'reason', 'storm', 'accepted', false,
         'message', 'it is paused already')::text)
     from generate_series($3::int + 1, $3::int + $2::int) n`,
    [run, count, from],
  )
}
