/**
 * One PostgreSQL server for all test files of a run, started when the first test needs it, and databases copied from a
 * template.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../embedded/postgres-server.js'
import { openRegistry } from '../../registry/index.js'
import type { TestDatabase } from './database.js'
import { madeOnce, sharedFolder } from './shared-folder.js'

const TEMPLATE = 'slipway_template'
/** Of the advisory lock under which the template is copied. */
const COPYING = 7071
/**
 * No test on this server asks whether data survive a crash of the machine. Several files with pools of connections run
 * at once.
 */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '800' }

const homeIn = (folder: string): string => join(folder, 'postgres')

/** @returns undefined outside a test run */
export async function createTestDatabase(): Promise<TestDatabase | undefined> {
  const folder = sharedFolder()
  if (folder === undefined) return undefined
  const server = readFileSync(await madeOnce(folder, 'postgres.url', (file) => startWithTemplate(folder, file)), 'utf8')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asSuperuser(server, async (client) => {
    // PostgreSQL refuses to copy a database that another session is using; the lock ends with the session.
    await client.query('select pg_advisory_lock($1)', [COPYING])
    await client.query(`create database ${name} template ${TEMPLATE}`)
  })
  return {
    url: databaseOf(server, name),
    // Whatever a test has left connected to it goes with it.
    stop: () => asSuperuser(server, async (client) => void (await client.query(`drop database ${name} with (force)`))),
  }
}

/** Ends the server of a run, if any test needed it. */
export async function stopSharedPostgres(folder: string): Promise<void> {
  const home = homeIn(folder)
  if (existsSync(home)) await (await startPostgres({ home })).stop()
}

/** The same at once and without waiting, for a process that is about to exit. The data are not needed again. */
export function killSharedPostgres(folder: string): void {
  const home = homeIn(folder)
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const { base = join(home, 'postgres') } = JSON.parse(read(join(home, 'postgres.json')) || '{}') as { base?: string }
  const pid = Number.parseInt(read(join(base, 'data', 'postmaster.pid')), 10)
  try {
    if (Number.isInteger(pid)) process.kill(pid, 'SIGQUIT')
  } catch {
    // It has ended already.
  }
}

async function startWithTemplate(folder: string, file: string): Promise<void> {
  const home = homeIn(folder)
  const first = await startPostgres({ home })
  await asSuperuser(first.url, async (client) => {
    for (const [name, value] of Object.entries(SETTINGS)) await client.query(`alter system set ${name} = '${value}'`)
    await client.query(`create database ${TEMPLATE}`)
  })
  // Some settings are read at the start only.
  await first.stop()
  const { url } = await startPostgres({ home })
  const registry = await openRegistry({ databaseUrl: databaseOf(url, TEMPLATE), artifactsFolder: tmpdir() })
  await registry.close()
  const next = `${file}.next`
  writeFileSync(next, url, { mode: 0o600 })
  renameSync(next, file)
}

const databaseOf = (server: string, name: string): string =>
  Object.assign(new URL(server), { pathname: `/${name}` }).href

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
