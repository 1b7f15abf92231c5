import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { openRegistry } from '../../registry/index.js'
import { appendAnything } from '../support/append-anything.js'
import { ownServer, type TestDatabase } from '../support/database.js'

const PASSWORD = 'correct-horse'
const open = (databaseUrl: string) => openRegistry({ databaseUrl, artifactsFolder: tmpdir() })

async function failure(databaseUrl: string): Promise<Error> {
  const [ended] = await Promise.allSettled([open(databaseUrl)])
  if (ended?.status !== 'rejected') throw new Error('the registry could be opened')
  expect(ended.reason).toMatchObject({ name: 'SlipwayError' })
  return ended.reason as Error
}

describe('without a server the error names the address', () => {
  it('when no process listens', async () => {
    const port = await freePort()
    const found = await failure(`postgres://slipway:${PASSWORD}@127.0.0.1:${port}/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain(`127.0.0.1:${port}/releases`)
    expect(found.message).toContain('ECONNREFUSED')
    expect(found.message).toContain('SLIPWAY_DATABASE_URL')
    expect(found.message).not.toContain(PASSWORD)
    expect(found.message).not.toContain('\n')
  })

  it('when a host name has several addresses and none of them answers', async () => {
    const port = await freePort()
    const found = await failure(`postgres://slipway:${PASSWORD}@localhost:${port}/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toMatch(`no registry database at localhost:${port}/releases: `)
  })

  it('when the host does not exist', async () => {
    const found = await failure(`postgres://slipway:${PASSWORD}@no-such-host.invalid/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain('no-such-host.invalid:5432/releases')
  })

  it.each(['', 'releases', 'mysql://slipway:correct-horse@127.0.0.1/releases', 'postgres://slipway:correct-horse@:x'])(
    'a malformed URL is a bad request and is not repeated, because it may contain a password (%s)',
    async (url) => {
      const found = await failure(url)
      expect(found).toMatchObject({ type: 'BadRequest' })
      expect(found.message).not.toContain(PASSWORD)
    },
  )
})

describe('a server that is not PostgreSQL', () => {
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
  ])('and %s is reported with its address', async (_what, hangs) => {
    hangUp = hangs
    const { port } = server.address() as { port: number }
    const found = await failure(`postgres://slipway:${PASSWORD}@127.0.0.1:${port}/releases`)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain(`127.0.0.1:${port}/releases`)
  })
})

describe('a running server', () => {
  let database: TestDatabase
  let stopped = false

  beforeAll(async () => {
    database = await ownServer()
  })
  afterAll(async () => {
    if (!stopped) await database?.stop()
  })

  it.each([
    ['a wrong password', (url: URL) => Object.assign(url, { password: PASSWORD })],
    ['an unknown database', (url: URL) => Object.assign(url, { pathname: '/nowhere' })],
  ])('with %s is reported without the password', async (_what, change) => {
    const url = change(new URL(database.url))
    const found = await failure(url.href)
    expect(found).toMatchObject({ type: 'Unavailable' })
    expect(found.message).toContain(url.host)
    expect(found.message).not.toContain(url.password)
  })

  it('that stops makes each call fail with its address, and does not end the process', async () => {
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
      await expect(appendAnything(registry, entry)).rejects.toMatchObject(unavailable)
    } finally {
      await registry.close()
    }
  })
})
