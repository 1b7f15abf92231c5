import { Client } from 'pg'
import type { EntryKind } from '../../registry/index.js'

export interface Held {
  /** Whether the transaction of an entry of that kind is waiting. */
  readonly reached: () => Promise<boolean>
  letGo(): Promise<void>
}

/**
 * Blocks the recording of entries of one kind until `letGo`: a trigger in the database waits for an advisory lock.
 * @param where a condition on the entry `new`, in SQL
 */
export async function holdEntries(
  environment: Readonly<Record<string, string>>,
  kind: EntryKind,
  where = 'true',
): Promise<Held> {
  const client = await connected(environment)
  await client.query(`
    select pg_advisory_lock(4711);
    create function hold_entry() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(4711); return new; end $$;
    create trigger hold_entry before insert on chain_entries
      for each row when (new.kind = '${kind}' and ${where}) execute function hold_entry();`)
  return {
    async reached() {
      const { rows } = await client.query(
        `select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted
         and database = (select oid from pg_database where datname = current_database())`,
      )
      return rows.length > 0
    },
    async letGo() {
      // A server that was killed has released the lock and kept the trigger.
      await client.query('select pg_advisory_unlock(4711)').catch(() => {})
      await client.end().catch(() => {})
      const after = await connected(environment)
      await after.query('drop function if exists hold_entry cascade')
      await after.end()
    },
  }
}

async function connected(environment: Readonly<Record<string, string>>): Promise<Client> {
  const client = new Client({ connectionString: environment.SLIPWAY_DATABASE_URL })
  client.on('error', () => {})
  await client.connect()
  return client
}

/**
 * Makes the recording of entries of one kind fail until `letGo`: a trigger in the database raises. Other kinds are
 * recorded.
 */
export async function refuseEntries(
  environment: Readonly<Record<string, string>>,
  kind: EntryKind,
): Promise<Pick<Held, 'letGo'>> {
  const client = await connected(environment)
  await client.query(`
    create function refuse_entry() returns trigger language plpgsql as
      $$ begin raise exception 'refused by a test'; end $$;
    create trigger refuse_entry before insert on chain_entries
      for each row when (new.kind = '${kind}') execute function refuse_entry();`)
  return {
    async letGo() {
      await client.query('drop function refuse_entry cascade')
      await client.end()
    },
  }
}
