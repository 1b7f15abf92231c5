/** One role owns the tables and services use another: that one changes no tables, and names what is missing. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRegistry } from '../../registry/index.js'
import { appendAnything } from '../support/append-anything.js'
import { ownServer, type TestDatabase } from '../support/database.js'

let server: TestDatabase
const url = (role: string) => {
  const address = new URL(server.url)
  address.username = role
  address.password = 'a-password'
  address.pathname = '/slipway'
  return address.href
}
async function asSuperuser(database: string, ...statements: string[]): Promise<void> {
  const address = new URL(server.url)
  address.pathname = `/${database}`
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
const open = (role: string) => openRegistry({ databaseUrl: url(role), artifactsFolder: '/nowhere' })

beforeAll(async () => {
  server = await ownServer()
  await asSuperuser(
    'postgres',
    `create role owner login password 'a-password'`,
    `create role runner login password 'a-password'`,
    'create role slipway_app nologin',
    'grant slipway_app to owner, runner',
    'create database slipway owner owner',
  )
})
afterAll(() => server?.stop())

it('without tables the error names the command that creates them', async () => {
  await expect(open('runner')).rejects.toThrow(
    /lacks the migrations 0001-chain, .* run as their owner: slipway registry migrate/,
  )
})

it('with tables the registry reads and appends as the runtime role, which owns nothing', async () => {
  await (await open('owner')).close()
  const registry = await open('runner')
  try {
    expect(await registry.status()).toMatchObject({ roles: true, user: 'slipway_app' })
    await appendAnything(registry, {
      project: 'toy',
      kind: 'trigger',
      subject: 'x',
      key: 'x',
      body: { workflowId: 'x' },
    })
    expect((await registry.ledger.verify()).problems).toEqual([])
    await registry.retention.closeDays()
  } finally {
    await registry.close()
  }
})

it('a database that a newer build has migrated is refused to the owner by name, and open to the runtime role', async () => {
  await (await open('owner')).close()
  await asSuperuser('slipway', `insert into kysely_migration values ('9999-of-a-newer-build', now()::text)`)
  try {
    await expect(open('owner')).rejects.toThrow(/has the migrations 9999-of-a-newer-build of a newer build/)
    // One build back: its services read and append as before.
    const registry = await open('runner')
    expect((await registry.ledger.verify()).problems).toEqual([])
    await registry.close()
  } finally {
    await asSuperuser('slipway', `delete from kysely_migration where name = '9999-of-a-newer-build'`)
  }
})

it('a migration that this build needs and the database lacks is named', async () => {
  await asSuperuser('slipway', `delete from kysely_migration where name = '0005-deliveries'`)
  await expect(open('runner')).rejects.toThrow('the registry database lacks the migrations 0005-deliveries')
})
