import { type Kysely, type Migration, sql } from 'kysely'
import { forbidChange } from '../append-only.js'

/** Which notice reached which receiver: a notice is sent until its row exists. */
export const deliveries: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      create table deliveries (
        receiver text not null,
        notice text not null,
        delivered_at timestamptz(3) not null,
        primary key (receiver, notice)
      )`.execute(db)
    await forbidChange(db, 'deliveries')
  },
}
