/**
 * Creates missing roles and databases of one PostgreSQL as its superuser: `node bin/run.js deploy/databases.ts`. Names
 * and passwords are read from the database URLs of the services. Running it again only sets the passwords to those of
 * the URLs.
 */
import pg from 'pg'
import { required } from './environment.js'

const APP_ROLE = 'slipway_app'

interface Login {
  readonly role: string
  readonly password: string
  readonly database: string
}

function login(name: string): Login {
  const url = new URL(required(name))
  const [role, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decodeURIComponent)
  if (!role || !password || !database) throw new Error(`${name} must be postgres://user:password@host:port/database`)
  return { role, password, database }
}

const migrator = login('SLIPWAY_MIGRATOR_DATABASE_URL')
const runtime = login('SLIPWAY_DATABASE_URL')
const temporal = login('TEMPORAL_DATABASE_URL')
if (migrator.role === runtime.role) {
  throw new Error(
    'SLIPWAY_DATABASE_URL and SLIPWAY_MIGRATOR_DATABASE_URL have the same user; services must not own the tables: use two users',
  )
}
if (migrator.database !== runtime.database)
  throw new Error('SLIPWAY_DATABASE_URL and SLIPWAY_MIGRATOR_DATABASE_URL must have the same database')

const client = new pg.Client({ connectionString: required('POSTGRES_ADMIN_URL') })
await client.connect()
const { escapeIdentifier: id, escapeLiteral: literal } = client
const missing = async (table: string, column: string, name: string) =>
  (await client.query(`select 1 from ${table} where ${column} = $1`, [name])).rowCount === 0

async function makeRole(name: string, attributes: string): Promise<void> {
  const verb = (await missing('pg_roles', 'rolname', name)) ? 'create' : 'alter'
  await client.query(`${verb} role ${id.call(client, name)} ${attributes}`)
}

async function makeDatabase(name: string, owner: string): Promise<void> {
  if (await missing('pg_database', 'datname', name))
    await client.query(`create database ${id.call(client, name)} owner ${id.call(client, owner)}`)
  // Otherwise every role of this server could connect to every database.
  await client.query(`revoke connect on database ${id.call(client, name)} from public`)
}

try {
  for (const { role, password } of [migrator, runtime, temporal])
    await makeRole(role, `login nosuperuser nocreatedb nocreaterole password ${literal.call(client, password)}`)
  await makeRole(APP_ROLE, 'nologin')
  for (const { role } of [migrator, runtime]) await client.query(`grant ${APP_ROLE} to ${id.call(client, role)}`)
  await makeDatabase(migrator.database, migrator.role)
  await client.query(
    `grant connect on database ${id.call(client, runtime.database)} to ${id.call(client, runtime.role)}`,
  )
  for (const database of [temporal.database, `${temporal.database}_visibility`])
    await makeDatabase(database, temporal.role)
  process.stdout.write(`databases of ${migrator.role}, ${runtime.role} and ${temporal.role} are ready\n`)
} finally {
  await client.end()
}
