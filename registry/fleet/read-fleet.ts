import { type RawBuilder, sql } from 'kysely'
import { toMove } from '../aliases/read-aliases.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, type EntryRow, toEntryOf } from '../ledger/entry-hash.js'
import { type SummaryRow, summaryOf } from '../runs/run-summary.js'
import type { EvaluationSummary, FleetArea } from './fleet-area.js'

/** A clock is recorded at each resumption: the newest entries of a run that was interrupted often. */
const STEPS_AND_CLOCKS = 100

const COLUMNS = sql.join(ENTRY_COLUMNS.map((name) => sql.ref(name)))

export function createFleetReader(db: Database): FleetArea {
  const all = async <Row>(statement: RawBuilder<Row>): Promise<Row[]> => (await statement.execute(db)).rows
  return {
    async read({ projects, runs }) {
      const moves = await all(movesOf(projects))
      const newest = await all(newestOf(projects))
      const exposure = runs.length === 0 ? [] : await all(exposureOf(runs))
      return {
        moves: moves.map((row) => toMove(toEntryOf(row, ['alias_move']))),
        newest: newest.map(summaryOf),
        exposure: exposure.map((row) => toEntryOf(row, ['canary_step', 'clock'])),
      }
    },
    async evaluations(project, most) {
      const rows = await all(evaluationsOf(project, most))
      return rows.reverse().map(({ at, text, ...row }) => ({ at: at.toISOString(), ...row, metrics: JSON.parse(text) }))
    },
  }
}

// In each, the ordered search with a limit ends in an index, once for each project or run of the page.

const movesOf = (projects: readonly string[]) => sql<EntryRow>`
  select move.* from unnest(${[...projects]}::text[]) as asked (name)
  cross join (values ('production'), ('canary')) as aliases (alias)
  cross join lateral (
    select ${COLUMNS} from chain_entries
    where project = asked.name and kind = 'alias_move' and subject = aliases.alias
    order by seq desc limit 1) as move`

const newestOf = (projects: readonly string[]) => sql<SummaryRow>`
  select run.* from unnest(${[...projects]}::text[]) as asked (name)
  cross join lateral (
    select project, workflow_id, release_id, started_at, stage, verdict, reason from runs
    where project = asked.name and trigger_seq is not null
    order by started_at desc, workflow_id desc limit 1) as run`

const exposureOf = (runs: readonly string[]) => sql<EntryRow>`
  select entry.* from unnest(${[...runs]}::text[]) as asked (run)
  cross join lateral (
    select ${COLUMNS} from chain_entries
    where workflow_id = asked.run and kind in ('trigger', 'clock', 'canary_step', 'verdict')
      and kind in ('clock', 'canary_step')
    order by seq desc limit ${sql.lit(STEPS_AND_CLOCKS)}) as entry
  order by entry.project, entry.seq`

/** Of one run that are read: it is evaluated again when production has changed meanwhile. */
const EVALUATIONS_OF_A_RUN = 3

// By run: no index has the evaluations of a project in their order. As text: the order of the metrics is the project's.
const evaluationsOf = (project: string, most: number) => sql<
  Omit<EvaluationSummary, 'at' | 'metrics'> & { at: Date; text: string }
>`
  select entry.at, entry.subject as "workflowId", body::json ->> 'releaseId' as "releaseId",
    body::json ->> 'production' as production, body::json ->> 'decision' as decision,
    body::json -> 'report' ->> 'metrics' as text
  from (
    select workflow_id from runs where project = ${project} and trigger_seq is not null
    order by started_at desc, workflow_id desc limit ${most}) as run
  cross join lateral (
    select seq, at, subject, body from chain_entries
    where project = ${project} and kind = 'evaluation' and subject = run.workflow_id
    order by seq desc limit ${sql.lit(EVALUATIONS_OF_A_RUN)}) as entry
  order by entry.seq desc limit ${most}`
