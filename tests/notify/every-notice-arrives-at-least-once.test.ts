import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Notice } from '../../notify/notice.js'
import { deliverPending, runNotifier } from '../../notify/notifier.js'
import { webhook } from '../../notify/webhook.js'
import { releases, type TestRegistry, testRegistry } from '../registry/support.js'
import { eventually } from '../support/steer.js'

const SECRET = 'known to both'
let test: TestRegistry
let server: Server
let address: string
let received: { notice: Notice; signature: string; body: string }[]
/** Answers in this order; 200 when none is left. */
let answers: number[]

beforeAll(async () => {
  test = await testRegistry()
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const status = answers.shift() ?? 200
      const signature = String(request.headers['slipway-signature'])
      if (status === 200) received.push({ notice: JSON.parse(body) as Notice, signature, body })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server?.closeAllConnections()
  server?.close()
  await test?.stop()
})
beforeEach(() => {
  received = []
  answers = []
  // Another path is another receiver.
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${Math.random()}`
})

const world = () => ({ registry: test.registry, now: Date.now })
const receiver = () => webhook(address, SECRET, Date.now)

/** What a release leaves in the chain: an open canary, a breach, a verdict, and an entry that tells nobody anything. */
async function history(project: string): Promise<string[]> {
  const { registry } = test
  const [, candidate] = await releases(registry, project, 2)
  const workflowId = `release/${project}/w`
  const move = { project, actor: workflowId, workflowId, evidence: null, expected: null }
  await registry.aliases.move({ ...move, alias: 'canary', to: candidate ?? '', reason: 'canary_open', key: 'open' })
  const breach = { workflowId, signal: 'latency', arm: 'canary', value: 9, threshold: 5, power: 'rollback' }
  await registry.ledger.append({ project, kind: 'breach', subject: workflowId, key: 'breach', body: breach })
  const looked = { judgement: { action: 'continue', reason: 'inconclusive' } }
  await registry.ledger.append({ project, kind: 'judgement', subject: workflowId, key: 'look', body: looked })
  const verdict = { workflowId, releaseId: candidate, verdict: 'rolled_back', reason: 'breach:latency' }
  await registry.ledger.append({ project, kind: 'verdict', subject: workflowId, key: 'verdict', body: verdict })
  return ['canary_opened', 'breach', 'verdict']
}

const events = () => received.map(({ notice }) => notice.event)

it('a receiver that fails is told again, in order, and nothing is told twice once it is noted', async () => {
  await deliverPending(world(), receiver())
  const expected = await history('failing')
  answers = [200, 500]
  await expect(deliverPending(world(), receiver())).rejects.toThrow('answers 500')
  expect(events()).toEqual(['canary_opened'])
  // Another process, with nothing in its memory.
  await deliverPending(world(), receiver())
  expect(events()).toEqual(expected)
  await deliverPending(world(), receiver())
  expect(events()).toEqual(expected)
  expect(new Set(received.map(({ notice }) => notice.id)).size).toBe(expected.length)
})

it('a notice is signed, so that a receiver can tell a forged or altered one', async () => {
  await deliverPending(world(), receiver())
  await history('signed')
  await deliverPending(world(), receiver())
  const [{ signature, body }] = received as [(typeof received)[number]]
  const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  expect(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')).toBe(hex)
  expect(createHmac('sha256', SECRET).update(`${seconds}.${body} `).digest('hex')).not.toBe(hex)
})

it('a new receiver is told of what happens from now on, not of all that ever happened', async () => {
  await history('before')
  // An entry of the same millisecond counts as later: a notice may arrive twice, and never not at all.
  const later = { ...world(), now: () => Date.now() + 1 }
  expect(await deliverPending(later, { name: 'late', deliver: async () => {} })).toBe(0)
})

it('goes on by itself after the receiver was away, and says so where it runs', async () => {
  const stop = new AbortController()
  const said: string[] = []
  answers = [503, 503]
  const running = runNotifier(world(), [receiver()], stop.signal, (text) => void said.push(text))
  try {
    await eventually(
      'the receiver is known',
      async () => (await test.registry.notices.deliveredTo(receiver().name, 'start')).size,
    )
    const expected = await history('away')
    await eventually('all notices', async () => events().length >= expected.length)
    expect(events()).toEqual(expected)
    await eventually('both to be said', async () => said.length >= 2)
    expect(said).toEqual([
      `webhook ${address} cannot be told (it answers 503); tried again until it can`,
      `webhook ${address} is told again, also what it missed`,
    ])
  } finally {
    stop.abort()
    await running
  }
})

it('an address that is none, or no secret, is refused by name', () => {
  expect(() => webhook('ftp://x', SECRET, Date.now)).toThrow('SLIPWAY_WEBHOOK_URL is "ftp://x"')
  expect(() => webhook(address, undefined, Date.now)).toThrow('SLIPWAY_WEBHOOK_SECRET is not set')
})
