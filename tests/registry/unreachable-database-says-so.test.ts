import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { openRegistry } from '../../registry/index.js'
import { ownServer, type TestDatabase } from '../support/database.js'

const PASSWORD = 'correct-horse'
const open = (databaseUrl: string) => openRegistry({ databaseUrl, artifactsFolder: tmpdir() })

async function failure(databaseUrl: string): Promise<Error> {
  const [ended] = await Promise.allSettled([open(databaseUrl)])
  if (ended?.status !== 'rejected') throw new Error('it could be opened')
  expect(ended.reason).toMatchObject({ name: 'SlipwayError' })
  return ended.reason as Error
}

describe('no server', () => {
  it('nothing listens', async () => {
    const port = await freePort()
    const found = await failure(`postgres://slipway:${PASSWORD}@127.0.0.1:${port}/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain(`127.0.0.1:${port}/releases`)
    expect(found.message).toContain('ECONNREFUSED')
    expect(found.message).toContain('SLIPWAY_DATABASE_URL')
    expect(found.message).not.toContain(PASSWORD)
    expect(found.message).not.toContain('\n')
  })

  it('a name of several addresses, none of which answers', async () => {
    const port = await freePort()
    const found = await failure(`postgres://slipway:${PASSWORD}@localhost:${port}/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toMatch(`no registry database at localhost:${port}/releases: `)
  })

  it('no such host', async () => {
    const found = await failure(`postgres://slipway:${PASSWORD}@no-such-host.invalid/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain('no-such-host.invalid:5432/releases')
  })

  it.each(['', 'releases', 'mysql://slipway:correct-horse@127.0.0.1/releases', 'postgres://slipway:correct-horse@:x'])(
    'a malformed URL is the request’s fault, and is not repeated: it may hold a password (%s)',
    async (url) => {
      const found = await failure(url)
      expect(found).toMatchObject({ type: 'BadRequest' })
      expect(found.message).not.toContain(PASSWORD)
    },
  )
})

describe('a server that is none', () => {
  let server: Server
  let hangUp: boolean

  beforeAll(async () => {
    server = createServer((socket) => void (hangUp ? socket.destroy() : socket.resume().on('error', () => {})))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  })
  afterAll(() => void server.close())

  it.each([
    ['hangs up', true],
    ['never answers', false],
  ])('%s', async (_what, hangs) => {
    hangUp = hangs
    const { port } = server.address() as { port: number }
    const found = await failure(`postgres://slipway:${PASSWORD}@127.0.0.1:${port}/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain(`127.0.0.1:${port}/releases`)
  })
})

describe('a server that is there', () => {
  let database: TestDatabase
  let stopped = false

  beforeAll(async () => {
    database = await ownServer()
  })
  afterAll(async () => {
    if (!stopped) await database?.stop()
  })

  it.each([
    ['wrong password', (url: URL) => Object.assign(url, { password: PASSWORD })],
    ['no such database', (url: URL) => Object.assign(url, { pathname: '/nowhere' })],
  ])('%s', async (_what, change) => {
    const url = change(new URL(database.url))
    const found = await failure(url.href)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain(url.host)
    expect(found.message).not.toContain(url.password)
  })

  it('and goes away: each call says so, and none ends the process', async () => {
    const registry = await open(database.url)
    try {
      await registry.aliases.current('toy')
      stopped = true
      await database.stop()
      const unavailable = {
        type: 'Unavailable',
        message: expect.stringContaining(new URL(database.url).host) as string,
      }
      await expect(registry.aliases.current('toy')).rejects.toMatchObject(unavailable)
      await expect(registry.ledger.verify()).rejects.toMatchObject(unavailable)
      const entry = { project: 'toy', kind: 'trigger', subject: 'w', key: 'k', body: {} } as const
      await expect(registry.ledger.append(entry)).rejects.toMatchObject(unavailable)
    } finally {
      await registry.close()
    }
  })
})
