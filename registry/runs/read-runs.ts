import type { LedgerEntry } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, parseBody, toEntry } from '../ledger/entry-hash.js'
import { resolveRun } from './resolve-run.js'
import { summaryOf } from './run-summary.js'
import type { RunPart, RunsArea } from './runs-area.js'
import { runsQuery } from './runs-query.js'
import { LASTING, withUnbounded } from './unbounded-entries.js'
import { UnknownRun } from './unknown-run.js'

const PAGE = 200

export function createRunReader(db: Database): Pick<RunsArea, 'list' | 'open' | 'get'> {
  return {
    async list(project, page = {}) {
      if (page.before !== undefined) await resolveRun(db, page.before)
      const rows = await runsQuery(db, project, page).selectAll('runs').execute()
      return rows.map(summaryOf).reverse()
    },

    async open(project) {
      const rows = await runsQuery(db, project, { open: true })
        .innerJoin('chain_entries as trigger', (join) =>
          join.onRef('trigger.project', '=', 'runs.project').onRef('trigger.seq', '=', 'runs.trigger_seq'),
        )
        .selectAll('runs')
        .select('trigger.body')
        .execute()
      return rows.reverse().map(({ body, newest_at, asked_at, asked_reason, paused_at, paused_why, ...row }) => ({
        ...summaryOf(row),
        newestAt: newest_at.toISOString(),
        input: parseBody('trigger', body),
        asked: asked_at && { reason: asked_reason ?? '', at: asked_at.toISOString() },
        paused: paused_at && { why: paused_why ?? '', at: paused_at.toISOString() },
      }))
    },

    async get(id, part = {}) {
      const { workflowId, otherRuns } = await resolveRun(db, id)
      const row = await db.selectFrom('runs').selectAll().where('workflow_id', '=', workflowId).executeTakeFirst()
      if (!row) throw new UnknownRun(id)
      const entries: LedgerEntry[] = []
      for await (const page of pagesOf(db, workflowId, part)) entries.push(...page)
      const run = { ...summaryOf(row), ...(await withUnbounded(db, row, entries, part)) }
      return otherRuns.length === 0 ? run : { ...run, otherRuns }
    },
  }
}

/** A statement per page: one over all entries of a long canary would reach the time-out of statements. */
async function* pagesOf(
  db: Database,
  workflowId: string,
  { kinds, after = 0, newest }: RunPart,
): AsyncGenerator<LedgerEntry[]> {
  for (let last = after; ; ) {
    let query = db
      .selectFrom('chain_entries')
      .select(ENTRY_COLUMNS)
      .where('workflow_id', '=', workflowId)
      .where('seq', '>', String(last))
    if (newest !== undefined) query = query.where(LASTING)
    if (kinds !== undefined) query = query.where('kind', 'in', [...kinds])
    const page = (await query.orderBy('seq').limit(PAGE).execute()).map(toEntry)
    yield page
    if (page.length < PAGE) return
    last = page.at(-1)?.seq ?? last
  }
}
