/** Operator actions over HTTP: the same answers and record as of a signal or update, once per id. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newToken, type Role } from '../../http/index.js'
import type { Gateway } from '../serving/support.js'
import {
  entriesOf,
  eventually,
  eventuallyAfterDays,
  exposed,
  movesOf,
  operate,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'
import { gatewayOn, openForm } from './support.js'

const made = (['read', 'operate', 'approve'] as const).map((role) => newToken(role, [role]))
const bearer = (role: Role) => ({
  authorization: `Bearer ${made.find(({ token }) => token.name === role)?.secret}`,
})

let on: Harness
let open: Gateway
let guarded: Gateway
beforeAll(async () => {
  on = await timeSkipping()
  open = await gatewayOn(on)
  guarded = await gatewayOn(on, { tokens: made.map(({ token }) => token) })
})
afterEach(() => startOver(on))
afterAll(async () => {
  await open?.close()
  await guarded?.close()
  await on?.close()
})

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const note = { by: 'ana', reason: 'storm' }
const actions = (workflowId: string) => `/v1/projects/toy/releases/${workflowId.split('/')[2]}/actions`
const act = (id: string, body: object) => open.post(actions(id), { ...note, ...body })
const recorded = async (id: string) => (await entriesOf(on, id, 'operator_action')).map(({ body }) => body)
const canary = async (trigger: string, policy: typeof toyPolicy = undecidable) => {
  const id = await on.start(trigger, { policy })
  await exposed(on, id)
  return id
}

it('takes effect and is recorded once per id; another id is another action', async () => {
  const id = await canary('once')
  const paused = await act(id, { action: 'pause', id: 'p1' })
  expect(paused).toMatchObject({
    status: 200,
    body: { workflowId: id, id: 'p1', accepted: true, answeredBy: 'workflow' },
  })
  expect((await stateOf(on, id)).paused).toBe(true)
  expect((await act(id, { action: 'pause', id: 'p1' })).body).toEqual(paused.body)
  const again = await act(id, { action: 'pause', id: 'p2' })
  expect(again).toMatchObject({
    status: 409,
    body: { status: 409, detail: 'it is paused already', accepted: false, id: 'p2' },
  })
  expect((await act(id, { action: 'resume', id: 'r1' })).status).toBe(200)
  expect((await act(id, { action: 'extend' })).status).toBe(200)
  expect(await recorded(id)).toMatchObject([
    { id: 'p1', action: 'pause', ...note, accepted: true },
    { id: 'p2', action: 'pause', ...note, accepted: false },
    { id: 'r1', action: 'resume', ...note, accepted: true },
    { action: 'extend', ...note, accepted: true },
  ])
})

it('an action that was answered before the end keeps its answer after it; a new one is refused and recorded', async () => {
  const id = await canary('ended')
  const aborted = await act(id, { action: 'abort', id: 'a1' })
  expect(aborted.status).toBe(200)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  const again = await act(id, { action: 'abort', id: 'a1' })
  expect(again).toMatchObject({ status: 200, body: { message: aborted.body.message, answeredBy: 'registry' } })
  const late = await act(id, { action: 'extend', id: 'e1' })
  expect(late).toMatchObject({
    status: 409,
    body: { accepted: false, detail: expect.stringContaining('is finished') as string },
  })
  expect(await act(id, { action: 'extend', id: 'e1' })).toMatchObject({ status: 409 })
  expect((await recorded(id)).map((body) => [body.id, body.accepted])).toEqual([
    ['a1', true],
    ['e1', false],
  ])
})

describe('approve', () => {
  it('is refused while no approval is awaited, although a promotion by hand would be possible', async () => {
    const id = await canary('nothing-asked')
    const refused = await act(id, { action: 'approve', id: 'ok1' })
    expect(refused).toMatchObject({
      status: 409,
      body: { accepted: false, detail: expect.stringContaining('it awaits no approval') as string },
    })
    // By update too, where the ledger was not asked.
    const sent = { action: 'promote', id: 'ok2', ...note, approves: true } as const
    const { operateUpdate } = await import('../../contracts/messages.js')
    const answer = await on.client.workflow.getHandle(id).executeUpdate(operateUpdate, { args: [sent] })
    expect(answer).toMatchObject({ accepted: false })
    await on.client.workflow.getHandle(id).signal('promote', { ...note, id: 'ok3', approves: true })
    await eventually('three refusals', async () => (await recorded(id)).length === 3)
    expect((await recorded(id)).map(({ accepted }) => accepted)).toEqual([false, false, false])
    expect((await stateOf(on, id)).stage).toBe('canary')
  })

  it('promotes once it is awaited; an id that was refused before stays refused', async () => {
    const policy = { ...toyPolicy, promotionApproval: 'other_person', manualPromote: 'never' } as const
    const id = await canary('asked', policy)
    expect((await act(id, { action: 'approve', id: 'early' })).status).toBe(409)
    await eventuallyAfterDays(on, 'approval asked for', async () => (await stateOf(on, id)).awaitingApproval)
    expect((await act(id, { action: 'approve', id: 'early' })).status).toBe(409)
    // The one who started it.
    expect((await act(id, { action: 'approve', by: 'test' })).status).toBe(409)
    // Another name of the same person, with a token beside it.
    const own = await guarded.post(actions(id), { action: 'approve', by: 'Test', reason: 'mine' }, bearer('approve'))
    expect(own.status).toBe(409)
    const done = await guarded.post(actions(id), { action: 'approve', ...note }, bearer('approve'))
    expect(done).toMatchObject({ status: 200, body: { accepted: true } })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
    expect((await recorded(id)).at(-1)).toMatchObject({ action: 'promote', by: 'ana (token approve)' })
  })
})

describe('a rollback', () => {
  const ROLLBACK = '/v1/projects/toy/rollback'

  it('moves production once per id, and signals the open run', async () => {
    const before = (await on.registry.aliases.current('toy')).production
    const id = await on.start('rolled-back')
    await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, id)).stage === 'probation')
    const request = { ...note, id: 'rb1' }
    const first = await open.post(ROLLBACK, request)
    expect(first).toMatchObject({
      status: 200,
      body: { id: 'rb1', to: before, runs: [{ workflowId: id, signalled: true }] },
    })
    for (const again of await Promise.all([1, 2].map(() => open.post(ROLLBACK, request))))
      expect(again).toMatchObject({ status: 200, body: { from: first.body.from, to: before } })
    expect(await open.post(ROLLBACK, { ...request, to: first.body.from })).toMatchObject({ status: 409 })
    const moves = (await on.registry.aliases.history('toy')).filter(({ key }) => key.startsWith('rollback:'))
    expect(moves).toHaveLength(1)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted' })
    expect((await recorded(id)).filter(({ action }) => action === 'rollback')).toMatchObject([{ ...note, id: 'rb1' }])
  })

  it('to a release that never was production is refused', async () => {
    expect(await open.post(ROLLBACK, { ...note, to: 'toy_v999' })).toMatchObject({ status: 400 })
  })
})

describe('refused, and nothing is recorded:', () => {
  const path = '/v1/projects/toy/releases/none/actions'
  const good = { ...note, action: 'pause' }
  const CASES: [string, string, unknown, number, string][] = [
    ['no reason', path, { action: 'pause', by: 'ana' }, 400, 'reason'],
    ['an empty reason', path, { ...good, reason: ' ' }, 400, 'reason: must not be empty'],
    ['no name and no token', path, { action: 'pause', reason: 'x' }, 400, 'by: must be given'],
    ['an unknown action', path, { ...good, action: 'skip' }, 400, 'action'],
    ['an unknown field', path, { ...good, force: true }, 400, 'force'],
    ['an unknown release', path, good, 404, 'no release'],
    ['an unknown project', path.replace('toy', 'nope'), good, 404, 'nope'],
    ['a trigger id that cannot be one', path.replace('none', 'a%2Fb'), good, 400, 'trigger'],
    ['a cadence that is not there', '/v1/projects/toy/schedule/actions', good, 400, 'no cadence'],
  ]

  it.each(CASES)('%s', async (_what, to, body, status, says) => {
    const found = await open.post(to, body)
    expect(found).toMatchObject({ status, body: { status, detail: expect.stringContaining(says) as string } })
    expect(found.headers.get('content-type')).toBe('application/problem+json')
    expect(await on.registry.ledger.entries('toy', { kind: 'operator_action', subject: 'release/toy/none' })).toEqual(
      [],
    )
  })

  it('a page of another site, and a name that was pointed at this machine', async () => {
    const { request } = await import('node:http')
    const send = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const all = { 'content-type': 'application/json', ...headers }
        request(`${open.url}${path}`, { method: 'POST', headers: all }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end(JSON.stringify(good))
      })
    expect(await send({ origin: 'https://evil.example' })).toBe(403)
    expect(await send({ origin: 'null' })).toBe(403)
    expect(await send({ host: 'evil.example:7070' })).toBe(403)
    expect(await send({ origin: open.url })).toBe(404)
  })
})

it('operate may do everything, approve may only approve, read nothing', async () => {
  const id = await canary('roles')
  const ask = (action: string, headers: Record<string, string>) =>
    guarded.post(actions(id), { action, reason: 'x' }, headers)
  expect((await ask('pause', {})).status).toBe(401)
  for (const role of ['read', 'approve'] as const) expect((await ask('pause', bearer(role))).status).toBe(403)
  expect((await ask('approve', bearer('read'))).status).toBe(403)
  expect(await recorded(id)).toEqual([])
  expect((await ask('approve', bearer('approve'))).status).toBe(409)
  expect((await ask('pause', bearer('operate'))).status).toBe(200)
  expect((await ask('approve', bearer('operate'))).status).toBe(409)
  expect((await recorded(id)).map(({ by }) => by)).toEqual(['token approve', 'token operate', 'token operate'])
  for (const path of ['/v1/projects/toy/rollback', '/v1/projects/toy/schedule/actions'])
    expect((await guarded.post(path, { reason: 'x' }, bearer('approve'))).status).toBe(403)
})

it('while Temporal is away an abort is kept in the ledger and other actions are not; both say so with 503', async () => {
  const id = await canary('away')
  const { ServiceError } = await import('@temporalio/client')
  const away = await gatewayOn(on, { withClient: () => Promise.reject(new ServiceError('14 UNAVAILABLE')) })
  try {
    const path = actions(id)
    const pause = await away.post(path, { ...note, action: 'pause', id: 'p' })
    expect(pause).toMatchObject({
      status: 503,
      body: { id: 'p', detail: expect.stringContaining('send the request again with the same id') as string },
    })
    expect(Number(pause.headers.get('retry-after'))).toBeGreaterThan(0)
    const abort = await away.post(path, { ...note, action: 'abort', id: 'a' })
    expect(abort).toMatchObject({
      status: 503,
      body: { id: 'a', detail: expect.stringContaining('is kept in the ledger') as string },
    })
    expect(await recorded(id)).toMatchObject([{ id: 'a', action: 'abort', pending: 'kept' }])
    expect((await movesOf(on, id)).length).toBe(1)
    // The same id once Temporal is back.
    expect((await act(id, { action: 'abort', id: 'a' })).status).toBe(200)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  } finally {
    await away.close()
  }
  expect(await operate(on, await canary('next'), 'pause')).toMatchObject({ accepted: true })
})

describe('by the form of the console, without a script', () => {
  const page = (id: string, action: string) => `/projects/toy/releases/${id.split('/')[2]}/actions/${action}`
  const filled = { reason: 'storm <b>over</b> the hubs', by: 'ana' }

  it('its consequence is shown first; the same form sent twice is one action', async () => {
    const id = await canary('form')
    const { production } = await on.registry.aliases.current('toy')
    const release = await open.get(page(id, 'pause').replace('/actions/pause', ''))
    expect(release.body.text).toContain(`href="${page(id, 'abort')}"`)
    expect(release.body.text).not.toContain(`href="${page(id, 'resume')}"`)
    const form = await openForm(open, page(id, 'pause'))
    expect(form.text).toContain(`Production stays ${production}, and toy_v`)
    expect(form.text).toContain('no promotion until it is resumed')
    expect(form.text).toContain('stated, not proven')
    const sent = await Promise.all([1, 2].map(() => form.send(filled)))
    const third = await form.send(filled)
    for (const { status, location } of [...sent, third])
      expect([status, location]).toEqual([303, `${page(id, 'pause').split('/actions')[0]}?did=${form.fields.id}`])
    expect(await recorded(id)).toMatchObject([{ action: 'pause', ...filled, accepted: true, id: form.fields.id }])
    const { body } = await open.get(third.location ?? '')
    expect(body.text).toMatch(/Done: pause by <bdi>ana<\/bdi> \(<bdi>storm &lt;b&gt;over&lt;\/b&gt; the hubs/)
  })

  it('without a reason, with a longer one than is kept, without a name or its token: shown again, nothing is done', async () => {
    const id = await canary('form-fields')
    const form = await openForm(open, page(id, 'abort'))
    const cases: [number, Record<string, string>, string][] = [
      [400, { ...filled, reason: ' \r\n' }, 'Give a reason'],
      [400, { ...filled, reason: 'x'.repeat(2_001) }, 'The reason has 2001 characters'],
      [400, { ...filled, reason: 'a\0b' }, 'must not contain a NUL character'],
      [400, { ...filled, by: '' }, 'Give your name'],
      [403, { ...filled, csrf: 'x' }, 'confirm it again'],
      [409, { ...filled, seen: 'x' }, 'has changed since it was shown'],
    ]
    for (const [status, more, says] of cases) {
      const answer = await form.send(more)
      expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)])
      expect(answer.text).toContain('Nothing was done.')
      expect(answer.text).toContain(`value="${form.fields.id}"`)
    }
    const again = await form.send({ ...filled, csrf: 'x' })
    expect(again.text).toContain('storm &lt;b&gt;over&lt;/b&gt; the hubs</textarea>')
    const foreign = await form.send(filled, { origin: 'https://evil.example' })
    expect([foreign.status, foreign.text.includes('storm')]).toEqual([403, false])
    expect(await recorded(id)).toEqual([])
    expect((await stateOf(on, id)).stage).toBe('canary')
  })

  it('an action that comes too late changes nothing, and says what happened meanwhile', async () => {
    const id = await canary('form-late')
    const [abort, promote] = [await openForm(open, page(id, 'abort')), await openForm(open, page(id, 'promote'))]
    expect(abort.text).toContain('ends as aborted')
    expect((await abort.send(filled)).status).toBe(303)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
    await eventually('its end is recorded', async () => (await on.registry.runs.get(id)).verdict !== null)
    const late = await promote.send({ reason: 'good', by: 'bo' })
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('has ended (aborted)')])
    expect(await recorded(id)).toMatchObject([{ action: 'abort' }])
  })

  it('a rollback moves production once, to the release that was named in its consequence', async () => {
    const before = (await on.registry.aliases.current('toy')).production
    const id = await on.start('form-rollback')
    await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, id)).stage === 'probation')
    const promoted = (await on.registry.aliases.current('toy')).production
    const form = await openForm(open, '/projects/toy/rollback')
    expect(form.text).toContain(`Production moves from ${promoted} to ${before} for all traffic`)
    const first = await form.send(filled)
    expect([first.status, (await form.send(filled)).location]).toEqual([303, first.location])
    expect((await open.get(first.location ?? '')).body.text).toContain(`production moved from <bdi>${promoted}</bdi>`)
    expect((await on.registry.aliases.current('toy')).production).toBe(before)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted' })
  })

  it('an action that does not exist, and a release that does not, are pages', async () => {
    const id = await canary('form-none')
    for (const path of [page(id, 'skip'), page('release/toy/none', 'abort'), '/projects/none/rollback'])
      expect((await open.get(path, { accept: 'text/html' })).status).toBe(404)
  })
})
