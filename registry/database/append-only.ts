import { type Kysely, sql } from 'kysely'

/** The second line after the roles: refuses change for everybody, the owner included, until somebody disables the triggers. */
export async function forbidChange(db: Kysely<never>, table: string): Promise<void> {
  const name = sql.table(table)
  await sql`
    create trigger ${sql.raw(`${table}_append_only`)} before update or delete on ${name}
    for each row execute function slipway_refuse_change()`.execute(db)
  // Partitions inherit the first; this one is made again with each partition.
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
