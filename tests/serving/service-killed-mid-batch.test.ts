/** The service in a separate process, killed under load: every decision that it answered is recorded. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TOY_PROJECT } from '../support/harness.js'
import { keepAsking, logged, openWorld, until, type World } from './support.js'

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))
let world: World
beforeAll(async () => {
  world = await openWorld({ own: true })
})
afterAll(() => world?.stop())

async function serve(): Promise<{ url: string; child: ChildProcess; exited: Promise<unknown[]> }> {
  const child = spawn(process.execPath, [ENTRY, 'serve', '--json'], {
    env: {
      ...process.env,
      SLIPWAY_DATABASE_URL: world.databaseUrl,
      SLIPWAY_ARTIFACTS: join(world.folder, 'artifacts'),
      SLIPWAY_HOME: join(world.folder, 'serve'),
      SLIPWAY_PORT: '0',
      SLIPWAY_PROJECTS: TOY_PROJECT,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  world.closing(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { decisionService } = JSON.parse(line.toString()) as { decisionService: string }
  return { url: decisionService, child, exited }
}

const missing = async (answered: readonly { decisionId: string }[]) => {
  const rows = await logged(world)
  return answered.filter(({ decisionId }) => !rows.has(decisionId))
}

it('kill -9 loses no decision that was answered', async () => {
  const { url, child, exited } = await serve()
  const asking = keepAsking([url], 32)
  await until('a few batches', () => asking.answered.length > 500)
  // The database takes nothing for a moment: batches are full and under way when it happens.
  const owner = new pg.Client({ connectionString: world.databaseUrl })
  await owner.connect()
  await owner.query('begin; lock table decisions in access exclusive mode')
  await pause(300)
  child.kill('SIGKILL')
  await exited
  await owner.end()
  await asking.stop()
  expect(asking.failed.length).toBeGreaterThan(0)
  expect(await missing(asking.answered)).toEqual([])
})

it('kill -9 while the database is away loses none either: the next process with its folder writes them', async () => {
  const { url, child, exited } = await serve()
  const asking = keepAsking([url], 32)
  await until('answers', () => asking.answered.length > 100)
  await world.database.stop()
  const spool = join(world.folder, 'serve', 'spool')
  await until('decisions in the spool', () => existsSync(spool) && readdirSync(spool).length > 0)
  const since = asking.answered.length
  await until('answers while it is away', () => asking.answered.length > since + 300)
  child.kill('SIGKILL')
  await exited
  await asking.stop()
  await world.database.start()
  expect((await missing(asking.answered)).length).toBeGreaterThan(0)
  const next = await serve()
  await until('all are in the log', async () => (await missing(asking.answered)).length === 0)
  await until('the spool is gone', () => readdirSync(spool).length === 0)
  next.child.kill('SIGTERM')
  expect(await next.exited).toEqual([0, null])
})

it('SIGTERM answers the requests it has, writes them, and ends', async () => {
  const { url, child, exited } = await serve()
  const asking = keepAsking([url], 32)
  await until('answers', () => asking.answered.length > 300)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  await asking.stop()
  expect(await missing(asking.answered)).toEqual([])
})
