/**
 * Notices not yet delivered, computed from the ledger: a notifier that dies before it records a delivery sends it
 * again.
 */
import { sql } from 'kysely'
import type { EntryKind } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntry } from '../ledger/entry-hash.js'
import type { NoticesArea } from './notices-area.js'

/** Kinds of entries that may need a notice; the notifier selects among them. */
const TOLD: readonly EntryKind[] = ['alias_move', 'breach', 'operator_action', 'judgement', 'verdict', 'approval']
const BATCH = 200
const START = 'start'

export function createNotices(db: Database): Pick<NoticesArea, 'undelivered' | 'recordDelivery' | 'deliveredTo'> {
  const record = async (receiver: string, notice: string, at: string) => {
    await db
      .insertInto('deliveries')
      .values({ receiver, notice, delivered_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return {
    recordDelivery: record,
    async deliveredTo(receiver, prefix) {
      const rows = await db
        .selectFrom('deliveries')
        .select('notice')
        .where('receiver', '=', receiver)
        .where(sql<boolean>`starts_with(notice, ${prefix})`)
        .execute()
      return new Set(rows.map(({ notice }) => notice))
    },
    async undelivered(receiver, now) {
      // A new receiver gets notices of new entries only.
      await record(receiver, START, now)
      const { rows } = await sql<{ project: string; seq: string }>`
        select project, seq from chain_entries e
        where kind = any(${[...TOLD]}::text[])
          and at >= (select delivered_at from deliveries where receiver = ${receiver} and notice = ${START})
          and not exists (
            select from deliveries d where d.receiver = ${receiver} and d.notice = e.project || '/' || e.seq)
        order by at, project, seq limit ${BATCH}`.execute(db)
      if (rows.length === 0) return []
      const entries = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where((where) =>
          where.or(rows.map(({ project, seq }) => where.and([where('project', '=', project), where('seq', '=', seq)]))),
        )
        .orderBy('at')
        .orderBy('project')
        .orderBy('seq')
        .execute()
      return entries.map(toEntry)
    },
  }
}
