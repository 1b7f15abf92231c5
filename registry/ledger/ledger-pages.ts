import type { Kysely } from 'kysely'
import type { EntryKind } from '../../contracts/ledger/index.js'
import type { Tables } from '../database/tables.js'
import { ENTRY_COLUMNS, type EntryRow } from './entry-hash.js'

/** Entries per read; the body of a judgement has a few KiB. */
const PAGE = 500

/** The entries of a project, oldest first, read in pages; only of these kinds, when given. */
export async function* rowsOf(
  db: Kysely<Tables>,
  project: string,
  kinds?: readonly EntryKind[],
): AsyncGenerator<EntryRow> {
  let after = Number.MIN_SAFE_INTEGER
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
    started: await db.selectFrom('chain_entries').select('project').distinct().execute(),
  }
  return [...new Set([...heads, ...started].map(({ project }) => project))].sort()
}
