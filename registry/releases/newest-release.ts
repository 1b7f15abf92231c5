import { sql } from 'kysely'
import type { Database } from '../database/connect.js'

/** Id of the release that was registered last. */
export async function newestRelease(db: Database, project: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('chain_entries')
    .select('subject')
    .where('project', '=', project)
    // As a literal, for the index of releases.
    .where('kind', '=', sql.lit('release'))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.subject
}
