import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'

/** Condition on outcomes of these decisions: the days of writing, when all of the decisions are known. */
export async function writtenOnLabelDays(
  db: Database | Transaction<Tables>,
  project: string,
  ids: readonly string[],
): Promise<RawBuilder<boolean>> {
  const { rows } = await sql<{ days: string[] | null }>`
    select slipway_label_days(${project}, ${[...ids]}::text[])::text[] as days`.execute(db)
  const days = rows[0]?.days
  return days ? sql<boolean>`written_day = any(${days}::date[])` : sql<boolean>`true`
}
