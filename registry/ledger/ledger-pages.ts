import { type Kysely, sql } from 'kysely'
import type { EntryKind } from '../../contracts/ledger/index.js'
import type { Tables } from '../database/tables.js'
import { ENTRY_COLUMNS, type EntryRow } from './entry-hash.js'

/** Entries per read; the body of a judgement has a few KiB. */
const PAGE = 500

/** The entries of a project, oldest first, read in pages; only of these kinds, and only after this one, when given. */
export async function* rowsOf(
  db: Kysely<Tables>,
  project: string,
  kinds?: readonly EntryKind[],
  newestKnown = Number.MIN_SAFE_INTEGER,
): AsyncGenerator<EntryRow> {
  let after = newestKnown
  for (;;) {
    let query = db
      .selectFrom('chain_entries')
      .select(ENTRY_COLUMNS)
      .where('project', '=', project)
      .where('seq', '>', String(after))
    if (kinds) query = query.where('kind', 'in', kinds)
    const page = await query.orderBy('seq').limit(PAGE).execute()
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = Number(last.seq)
  }
}

/** Every project with an entry, or with a head, which proves that it had one. */
export async function ledgerProjects(db: Kysely<Tables>): Promise<string[]> {
  const { heads, started } = {
    heads: await db.selectFrom('chain_heads').select('project').execute(),
    started: await startedProjects(db),
  }
  return [...new Set([...heads, ...started].map(({ project }) => project))].sort()
}

/** From one project to the next in the primary key: a `distinct` would read every entry. */
async function startedProjects(db: Kysely<Tables>): Promise<{ project: string }[]> {
  const { rows } = await sql<{ project: string }>`
    with recursive started as (
      (select project from chain_entries order by project limit 1)
      union all
      select (select e.project from chain_entries e where e.project > started.project order by e.project limit 1)
      from started where started.project is not null
    ) select project from started where project is not null`.execute(db)
  return rows
}
