import { type Kysely, sql } from 'kysely'

/**
 * A second protection besides the roles: triggers refuse changes by every user, including the owner, unless disabled.
 */
export async function forbidChange(db: Kysely<never>, table: string): Promise<void> {
  const name = sql.table(table)
  await sql`
    create trigger ${sql.raw(`${table}_append_only`)} before update or delete on ${name}
    for each row execute function slipway_refuse_change()`.execute(db)
  // Partitions inherit the first trigger; the second one is created for each partition.
  await sql`
    create trigger ${sql.raw(`${table}_no_truncate`)} before truncate on ${name}
    for each statement execute function slipway_refuse_change()`.execute(db)
}

export async function createRefusal(db: Kysely<never>): Promise<void> {
  await sql`
    create function slipway_refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
    end $$`.execute(db)
}
