import { type Kysely, type Migration, sql } from 'kysely'

/**
 * A row of an index has at most 2,704 bytes, and a label of a hundred listings has more: the key holds a digest of it
 * (docs/decisions/285). `jsonb_hash_extended` would not do: it does not see two gains that change places.
 */
export const earlyLabelKeys: Migration = {
  async up(db: Kysely<never>) {
    await sql`alter table early_labels drop constraint early_labels_pkey`.execute(db)
    await sql`
      create unique index on early_labels
        (decision_id, project, observed_at, hashtextextended(label::text, 0), written_day)`.execute(db)
  },
}
