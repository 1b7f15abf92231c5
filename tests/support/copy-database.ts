/**
 * What a dump and its restore do to the rows of a registry. `pg_dump` does not come with the servers that tests start,
 * and one of another version refuses them.
 */
import pg from 'pg'

/** Every row of `from` as it is, into a database with the schema of this build, whose own rows are removed. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const [source, target] = [new pg.Client({ connectionString: from }), new pg.Client({ connectionString: to })]
  await Promise.all([source.connect(), target.connect()])
  try {
    // As a restore does, before it creates the triggers.
    await target.query('set session_replication_role = replica')
    for (const { name, parent, bounds } of await partitions(source))
      await target.query(`create table if not exists ${name} partition of ${parent} ${bounds}`)
    for (const { name, columns } of await tables(source)) {
      const { rows } = await source.query<{ text: string }>(
        `select coalesce(json_agg(r), '[]')::text as text from (select ${columns} from ${name}) r`,
      )
      await target.query(`delete from ${name}`)
      await target.query(
        `insert into ${name} (${columns}) select ${columns} from json_populate_recordset(null::${name}, $1::json)`,
        [rows[0]?.text],
      )
    }
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

async function partitions(db: pg.Client): Promise<{ name: string; parent: string; bounds: string }[]> {
  const { rows } = await db.query<{ name: string; parent: string; bounds: string }>(`
    select c.oid::regclass::text as name, i.inhparent::regclass::text as parent,
      pg_get_expr(c.relpartbound, c.oid) as bounds
    from pg_class c join pg_inherits i on i.inhrelid = c.oid
    where c.relispartition and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`)
  return rows
}

async function tables(db: pg.Client): Promise<{ name: string; columns: string }[]> {
  const { rows } = await db.query<{ name: string; columns: string }>(`
    select c.oid::regclass::text as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.oid`)
  return rows
}
