import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MOST_STREAMS } from '../../../console/live/live-views.js'
import { ask, candidate, type Gateway, moveAlias, openWorld, until, type World } from '../../serving/support.js'

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld({ own: true })
  const withClient = () => Promise.reject(new Error('no Temporal answers at this address'))
  gateway = await world.gateway({ live: { most: 2, everyMs: 50 }, withClient })
})
afterAll(() => world?.stop())

it('a page is there without Temporal, and says what is not shown', async () => {
  await until('Temporal is reported as away', async () =>
    String((await gateway.get('/')).body.text).includes('Temporal is away.'),
  )
  expect(String((await gateway.get('/')).body.text)).toContain('no Temporal answers at this address')
})

it('streams beyond the limit are refused over HTTP, and all end when the service closes', async () => {
  const leaving = new AbortController()
  const open = () => fetch(`${gateway.url}/console/events?of=%2F`, { signal: leaving.signal })
  // Asked for its headers only, it has no browser that would leave.
  for (const _ of [1, 2, 3]) {
    const { status } = await fetch(`${gateway.url}/console/events?of=%2F`, { method: 'HEAD' })
    expect(status).toBe(200)
  }
  const streams = [await open(), await open()]
  expect(streams.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual(
    streams.map(() => [200, 'text/event-stream']),
  )
  const refused = await open()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('2 open streams') })
  leaving.abort()
  await until('their places are free', async () => {
    const again = new AbortController()
    const { status } = await fetch(`${gateway.url}/console/events?of=%2F`, { signal: again.signal })
    again.abort()
    return status === 200
  })
  const another = await world.gateway()
  const stream = await fetch(`${another.url}/console/events?of=%2F`)
  // Otherwise the server would wait for a connection that is kept alive.
  expect(stream.headers.get('connection')).toBe('close')
  await another.close()
  expect(await stream.text()).toContain('retry:')
})

/** A browser that has opened the page on all projects. Without a client library: 500 of them share this process. */
function browse(url: string) {
  const seen = { status: 0, text: '', ended: false }
  const sent = request(`${url}/console/events?of=%2F`, { agent: false }, (response) => {
    seen.status = response.statusCode ?? 0
    response.setEncoding('utf8').on('data', (text: string) => {
      // The page itself is large.
      seen.text = `${seen.text}${text}`.slice(-200_000)
    })
    response.on('close', () => {
      seen.ended = true
    })
  })
  sent.on('error', () => {
    seen.ended = true
  })
  sent.end()
  return { seen, leave: () => sent.destroy() }
}

it('500 browsers hold a stream open: each gets the change, more are refused, and other requests are answered', async () => {
  const crowded = await world.gateway({ live: { everyMs: 50 } })
  const all = Array.from({ length: MOST_STREAMS }, () => browse(crowded.url))
  await until('all are open and have the page', () => all.every(({ seen }) => seen.text.includes('event: content')))
  expect(new Set(all.map(({ seen }) => seen.status))).toEqual(new Set([200]))
  const more = await fetch(`${crowded.url}/console/events?of=%2F`)
  expect([more.status, await more.json()]).toMatchObject([
    503,
    { detail: expect.stringContaining('has 500 open streams') },
  ])
  expect((await crowded.get('/')).status).toBe(200)
  expect((await crowded.post('/v1/projects/toy/decisions', ask('a'))).status).toBe(200)

  const move = { alias: 'production', expected: world.baseline, workflowId: null, key: 'by hand' } as const
  const { releaseId } = await candidate(world, 0.4)
  for (const { seen } of all) seen.text = ''
  await moveAlias(world.registry, { ...move, to: releaseId })
  await until('all have the change', () => all.every(({ seen }) => seen.text.includes(`>${releaseId}<`)))

  // Half leave by themselves, the service ends the others.
  const half = all.slice(0, MOST_STREAMS / 2)
  for (const { leave } of half) leave()
  await until('their places are free', async () => {
    const again = half.map(() => browse(crowded.url))
    await until('each is answered', () => again.every(({ seen }) => seen.status !== 0))
    for (const { leave } of again) leave()
    return again.every(({ seen }) => seen.status === 200)
  })
  await crowded.close()
  await until('all have ended', () => all.every(({ seen }) => seen.ended))
})

it('with the registry away the page says so, and shows the record again afterwards', async () => {
  await world.database.stop()
  const { status, body } = await gateway.get('/')
  expect([status, body.text]).toEqual([503, expect.stringContaining('The registry is away')])
  // Forms and the routes of operators answer too, and do nothing.
  const action = '/projects/toy/releases/x/actions/abort'
  for (const path of [
    action,
    '/projects/toy/rollback',
    '/projects/toy/history',
    '/projects/toy/labels',
    '/projects/toy/releases/x',
  ])
    expect([path, (await gateway.get(path)).status]).toEqual([path, 503])
  const note = { by: 'ana', reason: 'storm' }
  for (const [path, more] of [
    ['/v1/projects/toy/releases/x/actions', { action: 'abort', id: 'a' }],
    ['/v1/projects/toy/rollback', { id: 'r' }],
    ['/v1/releases/toy_v1/actions', { action: 'pause' }],
  ] as const) {
    const answer = await gateway.post(path, { ...note, ...more })
    expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '1'])
  }
  await world.database.start()
  await until('it is back', async () => (await gateway.get('/')).status === 200)
})
