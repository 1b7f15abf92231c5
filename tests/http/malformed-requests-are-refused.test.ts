import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, DECISIONS, type Gateway, logged, OUTCOMES, openWorld, type World } from '../serving/support.js'

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway({ requestTimeoutMs: 400, bodyBytes: 100_000 })
})
afterAll(() => world?.stop())

const good = { entityKey: 'a', input: { x: 1, z: 0 } }
const outcome = { decisionId: 'd', label: 1, observedAt: '2026-01-01T00:00:00Z' }

const REFUSED: [name: string, path: string, body: unknown, status: number, says: string][] = [
  ['malformed JSON', DECISIONS, '{"entityKey": "a", ', 400, 'JSON'],
  ['an empty body', DECISIONS, '', 400, ''],
  ['an array instead of an object', DECISIONS, [good], 400, 'body'],
  ['an unknown field', DECISIONS, { ...good, weight: 5 }, 400, 'weight'],
  ['a bare NaN', DECISIONS, '{"entityKey":"a","input":{"x":NaN,"z":0}}', 400, 'JSON'],
  ['a number beyond doubles', DECISIONS, '{"entityKey":"a","input":{"x":1e999,"z":0}}', 422, 'input.x'],
  ['an empty entity key', DECISIONS, { ...good, entityKey: '' }, 400, 'entityKey'],
  ['an entity key with a NUL', DECISIONS, { ...good, entityKey: 'a\0' }, 400, 'entityKey'],
  ['a lone surrogate', DECISIONS, '{"entityKey":"\\ud800","input":{"x":1,"z":0}}', 400, 'entityKey'],
  ['no input', DECISIONS, { entityKey: 'a' }, 400, 'input'],
  ['an input that does not fit this project', DECISIONS, { ...good, input: { y: 1 } }, 422, 'input.x'],
  ['an input with unknown fields', DECISIONS, { ...good, input: { x: 1, z: 0, arr_delay: 5 } }, 422, 'arr_delay'],
  ['an arm that is forced without a token', DECISIONS, { ...good, arm: 'canary' }, 403, 'operate'],
  ['an arm that cannot be forced', DECISIONS, { ...good, arm: 'shadow' }, 400, 'arm'],
  ['a body too large', DECISIONS, { ...good, input: { x: 'y'.repeat(100_000) } }, 413, '100000'],
  [
    'an array ten thousand deep',
    DECISIONS,
    `{"entityKey":"a","input":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    400,
    'nested more than 200 levels deep',
  ],
  [
    'a number in ten thousand places',
    DECISIONS,
    { ...good, input: Array.from({ length: 10_000 }, () => 1) },
    422,
    'input',
  ],
  ['an unknown project', '/v1/projects/nope/decisions', good, 404, 'nope'],
  ['outcomes that are not an array', OUTCOMES, outcome, 400, 'body'],
  ['no outcomes', OUTCOMES, [], 400, 'body'],
  ['ten thousand and one outcomes', OUTCOMES, Array.from({ length: 10_001 }, () => ({})), 400, ''],
  ['an outcome without an id', OUTCOMES, [outcome, { ...outcome, decisionId: undefined }], 400, '1.decisionId'],
  ['an outcome with a number as its id', OUTCOMES, [outcome, { ...outcome, decisionId: 7 }], 400, '1.decisionId'],
  ['an outcome that is a text', OUTCOMES, [outcome, 'late'], 400, '1: '],
  [
    'a label that is a bare NaN',
    OUTCOMES,
    '[{"decisionId":"d","label":NaN,"observedAt":"2026-01-01T00:00:00Z"}]',
    400,
    'JSON',
  ],
  ['outcomes of an unknown project', '/v1/projects/nope/outcomes', [outcome], 404, 'nope'],
]

describe('refused with a problem document that names the field, and nothing is written:', () => {
  it.each(REFUSED)('%s', async (_name, path, body, status, says) => {
    const found = await gateway.post(path, body)
    expect(found).toMatchObject({ status, body: { status, detail: expect.stringContaining(says) as string } })
    expect(found.headers.get('content-type')).toBe('application/problem+json')
    expect((await logged(world)).size).toBe(0)
  })

  it.each([
    ['a decision', DECISIONS, (name: string) => JSON.stringify({ ...good, entityKey: name })],
    ['an outcome', OUTCOMES, (name: string) => JSON.stringify([{ ...outcome, decisionId: name }])],
  ])('%s in latin-1, where two names would become one', async (_what, path, bodyOf) => {
    for (const name of ['caf\u00e9', 'caf\u00e8']) {
      const sent = await fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(`\n${bodyOf(name)}`, 'latin1'),
      })
      expect(sent.status).toBe(400)
      expect(await sent.json()).toMatchObject({
        detail: expect.stringMatching(
          /^the body must be JSON in UTF-8: line 2 is not UTF-8: byte 0xe[89] at offset \d+; write it as UTF-8$/,
        ) as string,
      })
    }
    expect((await logged(world)).size).toBe(0)
  })

  it('another content type', async () => {
    const found = await gateway.post(DECISIONS, JSON.stringify(good), { 'content-type': 'text/plain' })
    expect(found).toMatchObject({ status: 415, body: { status: 415 } })
  })

  it('a chunked body too large', async () => {
    const chunks = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(50_000)))
      },
    })
    const sent = fetch(`${gateway.url}${DECISIONS}`, {
      method: 'POST',
      body: chunks,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    } as RequestInit)
    // The service answers or closes the connection; it does not read the rest.
    const status = await sent.then(
      (response) => response.status,
      () => 413,
    )
    expect(status).toBe(413)
    expect((await logged(world)).size).toBe(0)
  })

  it('an unknown route', async () => {
    // Names that every object of the language has are no files of the console.
    for (const path of ['/v2/nothing', '/console/none', '/console/constructor', '/console/__proto__'])
      expect([path, await gateway.get(path)]).toMatchObject([
        path,
        { status: 404, body: { detail: expect.stringContaining('/openapi.json') as string } },
      ])
  })
})

describe('costs one socket and nothing else:', () => {
  const raw = async (text: string) => {
    const socket = connect({ port: gateway.port, host: '127.0.0.1' })
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
    })
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(text)
    return { socket, closed: once(socket, 'close').then(() => received) }
  }
  const head = 'POST /v1/projects/toy/decisions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'

  it('a client that never ends its headers is disconnected', async () => {
    const { closed } = await raw('POST /v1/projects/toy/decisions HTTP/1.1\r\nhost: ')
    expect(await closed).toMatch(/^(HTTP\/1.1 408|$)/)
  })

  it('a client that sends its body too slowly is disconnected', async () => {
    const { closed } = await raw(`${head}content-length: 500\r\n\r\n{"entityKey":`)
    expect(await closed).toMatch(/^(HTTP\/1.1 (408|400)|$)/)
    expect((await logged(world)).size).toBe(0)
  })

  it('an idle connection is closed', async () => {
    const { closed } = await raw('')
    expect(await closed).toMatch(/^(HTTP\/1.1 408|$)/)
  })

  it('a client that closes its half of the connection during the body', async () => {
    const { socket, closed } = await raw(`${head}content-length: 500\r\n\r\n{"entityKey":"half"`)
    socket.end()
    expect(await closed).toMatch(/^(HTTP\/1.1 400|$)/)
    expect((await logged(world)).size).toBe(0)
  })

  it('a client that disconnects before the answer; the next client is answered', async () => {
    const body = JSON.stringify(good)
    const { socket, closed } = await raw(`${head}content-length: ${body.length}\r\n\r\n${body}`)
    socket.destroy()
    await closed
    expect((await gateway.post(DECISIONS, ask('next'))).status).toBe(200)
  })
})

it('an instant that PostgreSQL cannot hold is rejected by itself, and the rest of its batch is kept', async () => {
  const beyond = ['0000-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '9999-12-31T23:59:59-12:00']
  const batch = [...beyond.map((observedAt) => ({ ...outcome, observedAt })), outcome]
  const { status, body } = await gateway.post(OUTCOMES, batch)
  expect(status).toBe(200)
  const rejected = beyond.map((_, index) => ({
    index,
    decisionId: 'd',
    problem: 'observedAt: it must be in the years 1970 to 9999',
  }))
  expect(body).toMatchObject({ unknown: 1, rejected })
})

it('an outcome that is malformed is rejected by itself, and the rest of its batch is kept', async () => {
  const rule = 'must be an instant with its offset, such as 2026-03-10T12:00:00Z'
  const instants = ['10000-01-01T00:00:00Z', '2013-02-30T00:00:00Z', '2013-02-28T00:00:60Z', '-000001-01-01T00:00:00Z']
  const bad: [string, string][] = [
    ...[...instants, '2026-01-01 00:00'].map((at): [string, string] => [
      JSON.stringify({ ...outcome, observedAt: at }),
      `observedAt is "${at}": ${rule}`,
    ]),
    ['{"decisionId":"d","label":1}', `observedAt is missing: ${rule}`],
    [JSON.stringify({ ...outcome, observedAt: 5 }), `observedAt is 5: ${rule}`],
    [JSON.stringify({ ...outcome, weight: 1 }), 'Unrecognized key: "weight"'],
    [JSON.stringify({ ...outcome, decisionId: '\0' }), 'decisionId is "\\u0000": must not contain a NUL'],
    [JSON.stringify({ ...outcome, decisionId: '' }), 'decisionId is ""'],
    [JSON.stringify({ ...outcome, decisionId: 'd'.repeat(201) }), 'decisionId is "ddd'],
    ...[
      'true',
      '1e999',
      'null',
      '"1"',
      '[]',
      '{"":1}',
      '{"L":"1"}',
      '{"L":true}',
      '{"__proto__":1}',
      '{"\\u0000":1}',
    ].map((label): [string, string] => [
      `{"decisionId":"d","observedAt":"2026-01-01T00:00:00Z","label":${label}}`,
      'it does not fit toy: label is ',
    ]),
  ]
  const good = JSON.stringify({ ...outcome, decisionId: 'last' })
  const { status, body } = await gateway.post(OUTCOMES, `[${[...bad.map(([item]) => item), good].join(',')}]`)
  const rejected = bad.map(([, says], index) => ({ index, problem: expect.stringContaining(says) as string }))
  expect({ status, body }).toMatchObject({ status: 200, body: { accepted: 0, unknown: 1, rejected } })
  const { labels } = await world.registry.labels.newestEarly('toy', { before: null, most: 9 })
  expect(labels.map(({ decisionId }) => decisionId)).toContain('last')
})

it.each(['..', '.', 'a/b', '%2e%2e', 'trace'])('a decision with the id %s is traced over HTTP', async (decisionId) => {
  expect((await gateway.post(DECISIONS, ask('odd', { decisionId }))).status).toBe(200)
  const found = await gateway.get(`/v1/decisions/trace?${new URLSearchParams({ id: decisionId })}`)
  expect(found).toMatchObject({ status: 200, body: { decisionId, project: 'toy', intact: true } })
})

it('a body with a byte order mark is read', async () => {
  const found = await gateway.post(DECISIONS, `\ufeff${JSON.stringify(ask('marked'))}`)
  expect(found.status).toBe(200)
})

it('every fixed route is in the OpenAPI document', async () => {
  const { body } = await gateway.get('/openapi.json')
  expect(Object.keys(body.paths as object).sort()).toEqual([
    '/temporal/codec/decode',
    '/v1/decisions/trace',
    '/v1/decisions/{id}/trace',
    '/v1/projects/{project}/aliases',
    '/v1/projects/{project}/coverage',
    '/v1/projects/{project}/decisions',
    '/v1/projects/{project}/outcomes',
    '/v1/projects/{project}/releases',
    '/v1/projects/{project}/releases/{trigger}/actions',
    '/v1/projects/{project}/rollback',
    '/v1/projects/{project}/schedule/actions',
    '/v1/projects/{project}/snapshots',
    '/v1/releases/{id}',
    '/v1/releases/{id}/actions',
  ])
  expect(JSON.stringify(body)).toContain('input_toy')
})
