/**
 * Notices not yet delivered, from the ledger. Each receiver has a cursor in each project, and only entries after it are
 * read. The cursor follows the delivery, so a notifier that dies in between sends the notice again.
 */
import { sql } from 'kysely'
import type { EntryKind } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntry } from '../ledger/entry-hash.js'
import { advance, beginCursors } from './notice-cursors.js'
import type { NoticesArea, RefusedNotice } from './notices-area.js'

/** Kinds of entries that may need a notice; the notifier selects among them. */
const TOLD: readonly EntryKind[] = ['alias_move', 'breach', 'operator_action', 'judgement', 'verdict', 'approval']
const BATCH = 200
const START = 'start'
/** Before the id of a refused notice: it was sent again and accepted. */
const AGAIN = 'again/'

export function createNotices(db: Database): NoticesArea {
  /** By the clock of the database, as the instants of the entries that a new receiver begins with. */
  const record = async (receiver: string, notice: string) => {
    await db
      .insertInto('deliveries')
      .values({ receiver, notice, delivered_at: sql`clock_timestamp()` })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return {
    recordDelivery: record,
    recordResent: (receiver, notice) => record(receiver, `${AGAIN}${notice}`),
    async recordRefusal(receiver, notice, why) {
      await db
        .insertInto('deliveries')
        .values({
          receiver,
          notice: notice.id,
          delivered_at: sql`clock_timestamp()`,
          refused: JSON.stringify({ why, notice }),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async refused(limit) {
      const { rows } = await sql<Omit<RefusedNotice, 'at'> & { at: Date }>`
        select receiver, refused->>'why' as why, refused->'notice' as notice, delivered_at as at
        from deliveries d
        where refused is not null and not exists (
          select from deliveries a where a.receiver = d.receiver and a.notice = ${AGAIN} || d.notice)
        order by delivered_at desc limit ${limit}`.execute(db)
      return rows.reverse().map((row) => ({ ...row, at: row.at.toISOString() }))
    },
    async recordEntry(receiver, { project, seq, notice }) {
      if (notice) await record(receiver, `${project}/${seq}`)
      await advance(db, receiver, [{ project, seq }])
    },
    async delivered(receiver, notices) {
      if (notices.length === 0) return new Set()
      const rows = await db
        .selectFrom('deliveries')
        .select('notice')
        .where('receiver', '=', receiver)
        .where('notice', 'in', notices)
        .execute()
      return new Set(rows.map(({ notice }) => notice))
    },
    async undelivered(receiver) {
      // A new receiver gets notices of new entries only.
      await record(receiver, START)
      await beginCursors(db, receiver, START)
      // `offset 0`: each delivery is looked up by its key; as a join, all deliveries of the receiver would be read.
      // Heads and entries are of one database snapshot: a project without an entry here has none up to its head.
      const { rows } = await sql<{ project: string; head: string; seq: string | null }>`
        select h.project, h.seq as head, e.seq
        from notice_cursors c join chain_heads h on h.project = c.project and h.seq > c.seq
        left join lateral (
          select seq from chain_entries e
          where e.project = c.project and e.seq > c.seq and e.kind = any(${[...TOLD]}::text[])
            and not exists (
              select from deliveries d where d.receiver = ${receiver} and d.notice = e.project || '/' || e.seq offset 0)
          order by e.seq limit ${BATCH}) e on true
        where c.receiver = ${receiver}`.execute(db)
      const pending = rows.flatMap(({ project, seq }) => (seq === null ? [] : { project, seq }))
      const nothing = rows.filter(({ seq }) => seq === null)
      await advance(
        db,
        receiver,
        nothing.map(({ project, head }) => ({ project, seq: Number(head) })),
      )
      if (pending.length === 0) return []
      const entries = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where((where) =>
          where.or(
            pending.map(({ project, seq }) => where.and([where('project', '=', project), where('seq', '=', seq)])),
          ),
        )
        .orderBy('at')
        .orderBy('project')
        .orderBy('seq')
        .limit(BATCH)
        .execute()
      return entries.map(toEntry)
    },
  }
}
