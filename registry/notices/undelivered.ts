/** What a receiver has not been told yet, read from the ledger: a notifier may die between sending and noting it, and sends again. */
import { sql } from 'kysely'
import type { EntryKind } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntry } from '../ledger/entry-hash.js'
import type { NoticesArea } from './notices-area.js'

/** Kinds that people are told of; which entries of them, and how, is the notifier's. */
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
      // Somebody new is told of what happens from now on, not of all that ever happened.
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
