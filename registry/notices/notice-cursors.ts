/** How far each receiver of notices has come in each project's ledger. */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'

interface Place {
  readonly project: string
  readonly seq: number
}

/**
 * For each project without a cursor: where the ledger was when the receiver was first seen. An instant finds it,
 * because instants never decrease along the ledger. A receiver of an earlier build begins there too; what it has got
 * since is among the deliveries.
 * @param start id of the delivery that records when the receiver was first seen
 */
export async function beginCursors(db: Database, receiver: string, start: string): Promise<void> {
  const missing = await db
    .selectFrom('chain_heads as h')
    .select('h.project')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('notice_cursors as c')
            .select('c.seq')
            .where('c.receiver', '=', receiver)
            .whereRef('c.project', '=', 'h.project'),
        ),
      ),
    )
    .execute()
  for (const { project } of missing) {
    await sql`
      insert into notice_cursors (receiver, project, seq)
      select ${receiver}::text, ${project}::text, coalesce((
        select seq from chain_entries
        where project = ${project}
          and at < (select delivered_at from deliveries where receiver = ${receiver} and notice = ${start})
        order by seq desc limit 1), 0)
      on conflict do nothing`.execute(db)
  }
}

/** In one order, so that two processes with the same receiver never wait for each other in a circle. */
export async function advance(db: Database, receiver: string, places: readonly Place[]): Promise<void> {
  for (const { project, seq } of [...places].sort((a, b) => (a.project < b.project ? -1 : 1))) {
    await db
      .updateTable('notice_cursors')
      .set({ seq })
      .where('receiver', '=', receiver)
      .where('project', '=', project)
      .where('seq', '<', String(seq))
      .execute()
  }
}
