import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Notice } from '../../notify/notice.js'
import { deliverPending, resendRefused, runNotifier } from '../../notify/notifier.js'
import { standardSignature } from '../../notify/signatures.js'
import { webhook } from '../../notify/webhook.js'
import { refusedNotices } from '../../releases/refused-notices.js'
import { releases, type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { appendAnything } from '../support/append-anything.js'
import { eventually } from '../support/steer.js'

const SECRET = 'known to both'
let test: TestRegistry
let server: Server
let address: string
let received: { notice: Notice; signature: string; body: string; headers: IncomingHttpHeaders }[]
/** Statuses to answer in this order; 200 when none is left. */
let answers: number[]

beforeAll(async () => {
  test = await testRegistry()
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      // A page to log in, which a redirect leads to.
      if (request.url === '/login') return void response.writeHead(200).end()
      const status = answers.shift() ?? 200
      const signature = String(request.headers['slipway-signature'])
      if (status === 200)
        received.push({ notice: JSON.parse(body) as Notice, signature, body, headers: request.headers })
      response.writeHead(status, status === 302 ? { location: '/login' } : {}).end()
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
  // Each path is a separate receiver.
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${Math.random()}`
})

const needs = () => ({ registry: test.registry, now: Date.now })
const receiver = () => webhook(address, SECRET, Date.now)

/** Ledger entries of a release: an open canary, a breach, an entry that needs no notice, and a verdict. */
async function history(project: string): Promise<string[]> {
  const { registry } = test
  const [, candidate] = await releases(registry, project, 2)
  const workflowId = `release/${project}/w`
  const move = { project, actor: workflowId, workflowId, evidence: null, expected: null }
  await registry.aliases.move({ ...move, alias: 'canary', to: candidate ?? '', reason: 'canary_open', key: 'open' })
  const breach = { workflowId, signal: 'latency', arm: 'canary', value: 9, threshold: 5, power: 'rollback' }
  await appendAnything(registry, { project, kind: 'breach', subject: workflowId, key: 'breach', body: breach })
  const looked = { judgement: { action: 'continue', reason: 'inconclusive' } }
  await appendAnything(registry, { project, kind: 'judgement', subject: workflowId, key: 'look', body: looked })
  const verdict = { workflowId, releaseId: candidate, verdict: 'rolled_back', reason: 'breach:latency' }
  await appendAnything(registry, { project, kind: 'verdict', subject: workflowId, key: 'verdict', body: verdict })
  return ['canary_opened', 'breach', 'verdict']
}

const events = () => received.map(({ notice }) => notice.event)

it('a receiver that fails gets each notice again, in order, and no recorded delivery is repeated', async () => {
  await deliverPending(needs(), receiver())
  const expected = await history('failing')
  answers = [200, 500]
  await expect(deliverPending(needs(), receiver())).rejects.toThrow('answers 500')
  expect(events()).toEqual(['canary_opened'])
  // As another process would, with nothing in memory.
  await deliverPending(needs(), receiver())
  expect(events()).toEqual(expected)
  await deliverPending(needs(), receiver())
  expect(events()).toEqual(expected)
  expect(new Set(received.map(({ notice }) => notice.id)).size).toBe(expected.length)
})

it('a notice is signed, so that a receiver recognises a forged or altered one', async () => {
  await deliverPending(needs(), receiver())
  await history('signed')
  await deliverPending(needs(), receiver())
  const [{ signature, body }] = received as [(typeof received)[number]]
  const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  expect(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')).toBe(hex)
  expect(createHmac('sha256', SECRET).update(`${seconds}.${body} `).digest('hex')).not.toBe(hex)
})

it('a new receiver gets notices of new entries only', async () => {
  await history('before')
  // An entry of the same millisecond counts as later: a notice may arrive twice, but is never lost.
  await pause(2)
  expect(await deliverPending(needs(), { name: 'late', deliver: async () => {} })).toBe(0)
})

it.each([
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
])('a new receiver of a process whose clock is %s begins by the clock of the database', async (where, skew) => {
  await history(`long-before-${where}`)
  await pause(2)
  const there = { ...needs(), now: () => Date.now() + skew }
  vi.useFakeTimers({ toFake: ['Date'], now: there.now() })
  try {
    expect(await deliverPending(there, receiver())).toBe(0)
    const expected = await history(`new-${where}`)
    await deliverPending(there, receiver())
    expect(events()).toEqual(expected)
  } finally {
    vi.useRealTimers()
  }
})

it('the notifier resumes by itself after the receiver was unavailable, and reports both', async () => {
  const stop = new AbortController()
  const reports: string[] = []
  answers = [503, 503]
  const running = runNotifier(needs(), [receiver()], stop.signal, (text) => void reports.push(text))
  try {
    await eventually(
      'the receiver is known',
      async () => (await test.registry.notices.delivered(receiver().name, ['start'])).size,
    )
    const expected = await history('away')
    await eventually('all notices', async () => events().length >= expected.length)
    expect(events()).toEqual(expected)
    await eventually('both reports', async () => reports.length >= 2)
    expect(reports).toEqual([
      `${receiver().name} did not accept a notice (it answers 503); retrying until it does`,
      `${receiver().name} accepts notices again, and received those it had missed`,
    ])
  } finally {
    stop.abort()
    await running
  }
})

it('an invalid address or a missing secret is refused with the name of its variable', () => {
  expect(() => webhook('ftp://x', SECRET, Date.now)).toThrow('SLIPWAY_WEBHOOK_URL begins with "ftp:"')
  expect(() => webhook('hooks/T0KEN', SECRET, Date.now)).toThrow(/^SLIPWAY_WEBHOOK_URL is not an address; write it as/)
  expect(() => webhook(address, undefined, Date.now)).toThrow('SLIPWAY_WEBHOOK_SECRET is not set')
})

it('a receiver of an earlier build, which kept no cursor, gets what it has not got and nothing twice', async () => {
  const { name } = receiver()
  await test.registry.notices.recordDelivery(name, 'start')
  const expected = await history('upgraded')
  const entries = await test.registry.ledger.entries('upgraded')
  const opened = entries.find(({ kind }) => kind === 'alias_move')
  await test.registry.notices.recordDelivery(name, `upgraded/${opened?.seq}`)
  await deliverPending(needs(), receiver())
  expect(events()).toEqual(expected.slice(1))
  await deliverPending(needs(), receiver())
  expect(events()).toEqual(expected.slice(1))
})

it('two processes with one receiver skip nothing when one of them fails', async () => {
  await deliverPending(needs(), receiver())
  const expected = await history('twice')
  answers = [500]
  const passes = await Promise.allSettled([deliverPending(needs(), receiver()), deliverPending(needs(), receiver())])
  expect(passes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await deliverPending(needs(), receiver())
  expect([...new Set(events())]).toEqual(expected)
})

it('more notices than one batch holds arrive in order, across projects and among entries that need none', async () => {
  await deliverPending(needs(), receiver())
  for (let number = 1; number <= 230; number += 1)
    for (const project of ['many', 'more']) {
      const body = { action: number % 2 === 0 ? 'pause' : 'extend', accepted: true, by: 'ann', reason: String(number) }
      const subject = `release/${project}/x`
      await appendAnything(test.registry, { project, kind: 'operator_action', subject, key: String(number), body })
    }
  expect(await deliverPending(needs(), receiver())).toBe(230)
  for (const project of ['many', 'more']) {
    const seqs = received.filter(({ notice }) => notice.project === project).map(({ notice }) => notice.id)
    expect(seqs).toEqual(Array.from({ length: 115 }, (_, index) => `${project}/${2 * index + 2}`))
  }
  const cursors = await test.owner.query(
    `select count(*)::int as n from deliveries where receiver = $1 and notice <> 'start'`,
    [receiver().name],
  )
  expect(cursors.rows[0].n).toBe(230)
})

it('a notice that the receiver refuses for good keeps back none after it, is shown, and can be sent again', async () => {
  await deliverPending(needs(), receiver())
  const expected = await history('refusing')
  // The first is refused, the second comes too often and is retried, as the server asks.
  answers = [422, 429]
  const reports: string[] = []
  await expect(deliverPending(needs(), receiver(), (text) => void reports.push(text))).rejects.toThrow('answers 429')
  await deliverPending(needs(), receiver())
  expect(events()).toEqual(expected.slice(1))
  const shown = async () => (await refusedNotices(test.registry, 'refusing')).map(({ why, text }) => ({ why, text }))
  const text = `${receiver().name} refused notice refusing/3 (it answers 422)`
  expect(await shown()).toEqual([
    { why: 'notice_refused', text: `${text}; send it again with: slipway notify --resend` },
  ])
  expect(reports).toEqual([`${text}; see: slipway release list --needs-attention`])
  answers = [410]
  expect(await resendRefused(test.registry, receiver())).toEqual({ sent: 0, refused: 1 })
  expect(await resendRefused(test.registry, receiver())).toEqual({ sent: 1, refused: 0 })
  expect(events().at(-1)).toBe(expected[0])
  expect(await shown()).toEqual([])
  expect(await resendRefused(test.registry, receiver())).toEqual({ sent: 0, refused: 0 })
})

it('a redirect, for example to a page to log in, is no delivery', async () => {
  await deliverPending(needs(), receiver())
  const expected = await history('redirected')
  answers = [302]
  await expect(deliverPending(needs(), receiver())).rejects.toThrow('it redirects with 302')
  await deliverPending(needs(), receiver())
  expect(events()).toEqual(expected)
})

it('a notice is signed as Standard Webhooks say, with a secret of theirs or of an earlier build', async () => {
  // The example of their libraries.
  const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1_614_265_330, body: '{"test": 2432232314}' }
  const theirs = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  expect(standardSignature(example, theirs)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  // Made by their library, version 1.1.1, with the format `raw`.
  const raw = { id: 'a/1', seconds: 1_614_265_330, body: '{}' }
  expect(standardSignature(raw, SECRET)).toBe('v1,zz1JQM3LHGf2/x1CihsgITWPd5svsI8J1NkR0vPcayQ=')
  await deliverPending(needs(), receiver())
  await history('standard')
  await deliverPending(needs(), receiver())
  const [{ headers, body, notice }] = received as [(typeof received)[number]]
  const seconds = Number(headers['webhook-timestamp'])
  expect(headers['webhook-id']).toBe(notice.id)
  expect(headers['webhook-signature']).toBe(standardSignature({ id: notice.id, seconds, body }, SECRET))
})

it('no token of an address is in the name, in an error or in a row, and a name and password reach the receiver', async () => {
  const secretAddress = address.replace('http://', 'http://ann:s3cret@').concat('?token=T0KEN')
  const here = webhook(secretAddress, SECRET, Date.now)
  await deliverPending(needs(), here)
  await history('named')
  answers = [500]
  const error: unknown = await deliverPending(needs(), here).catch((thrown: unknown) => thrown)
  await deliverPending(needs(), here)
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:s3cret').toString('base64')}`)
  const { rows } = await test.owner.query<{ receiver: string }>(
    'select distinct receiver from deliveries union select receiver from notice_cursors',
  )
  const all = [here.name, String(error), ...rows.map((row) => row.receiver)].join(' ')
  expect(all).toContain('webhook 127.0.0.1')
  expect(all).not.toMatch(/T0KEN|s3cret/)
})
