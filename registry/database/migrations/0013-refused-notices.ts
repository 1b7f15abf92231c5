import { type Kysely, type Migration, sql } from 'kysely'
import { webhookName } from '../../notices/receiver-name.js'

/**
 * A notice that its receiver refused for good is a delivery with the refusal. And receivers are no longer named by the
 * whole address of their webhook, which often holds a token: they keep their cursors and deliveries under the new name.
 */
export const refusedNotices: Migration = {
  async up(db: Kysely<never>) {
    await sql`alter table deliveries add column refused jsonb`.execute(db)
    await sql`create index on deliveries (delivered_at) where refused is not null`.execute(db)
    const { rows } = await sql<{ receiver: string }>`
      select distinct receiver from (select receiver from deliveries union select receiver from notice_cursors) all_of
      where receiver ~ '^webhook [a-z]+://'`.execute(db)
    if (rows.length === 0) return
    // It refuses changes by the owner too.
    await sql`alter table deliveries disable trigger deliveries_append_only`.execute(db)
    for (const { receiver } of rows) {
      const name = webhookName(receiver.slice('webhook '.length))
      await sql`update deliveries set receiver = ${name} where receiver = ${receiver}`.execute(db)
      await sql`update notice_cursors set receiver = ${name} where receiver = ${receiver}`.execute(db)
    }
    await sql`alter table deliveries enable trigger deliveries_append_only`.execute(db)
  },
}
