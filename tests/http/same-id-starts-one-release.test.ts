/**
 * The route that starts releases, with a real Temporal server that is stopped at the end. No worker runs the releases.
 */
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServingTemporal, servingTemporal } from '../../cli/runtime/serving-temporal.js'
import { SOURCES_SUBJECT, sourceKey } from '../../contracts/ledger/index.js'
import { scheduleId } from '../../contracts/names.js'
import type { ReleaseInput } from '../../contracts/types.js'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { newToken } from '../../http/index.js'
import type { Project } from '../../projects/project.js'
import { type Gateway, inputOf, openWorld, type World } from '../serving/support.js'
import { TOY_PROJECT } from '../support/harness.js'
import { slipway } from '../support/slipway.js'
import { project } from '../toy-project/index.js'
import { openForm } from './support.js'

const RELEASES = '/v1/projects/toy/releases'
const inputOfLongAgo = inputOf('release/toy/long-ago')
const good = { id: 'load-1', reason: 'the nightly load is in' }
const tokens = (['decide', 'read', 'label', 'operate'] as const).map((role) => newToken(role, [role]))
const bearer = (name: string) => ({
  authorization: `Bearer ${tokens.find(({ token }) => token.name === name)?.secret}`,
})

let world: World
let open: Gateway
let guarded: Gateway
let temporal: Awaited<ReturnType<typeof startTemporalDevServer>>
let temporalCalls: ServingTemporal
beforeAll(async () => {
  world = await openWorld()
  temporal = await startTemporalDevServer({ home: world.folder, inMemory: true })
  process.env.TEMPORAL_ADDRESS = temporal.address
  temporalCalls = servingTemporal()
  world.closing(() => temporalCalls.stop())
  open = await world.gateway({ startRelease: temporalCalls.start })
  guarded = await world.gateway({ startRelease: temporalCalls.start, tokens: tokens.map(({ token }) => token) })
})
afterAll(async () => {
  await world?.stop()
  await temporal?.stop()
})

/** @returns what each release was started with, by workflow id */
async function started(): Promise<Map<string, ReleaseInput>> {
  const connection = await Connection.connect({ address: temporal.address })
  try {
    const client = new Client({ connection })
    const found = new Map<string, ReleaseInput>()
    // Asked by id, because Temporal's list of runs lags behind.
    for (const id of [
      'load-1',
      'load-2',
      'load-3',
      'refused',
      'bare',
      'long-ago',
      'ahead',
      'wordy',
      'by-command',
      'by-form',
      'chosen',
    ]) {
      const handle = client.workflow.getHandle(`release/toy/${id}`)
      const history = await handle.fetchHistory().catch(() => null)
      const data = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data
      if (data) found.set(id, JSON.parse(Buffer.from(data).toString()) as ReleaseInput)
    }
    return found
  } finally {
    await connection.close()
  }
}

it('the same id is the same release: 201, then 200, also for concurrent requests with different content', async () => {
  const all = await Promise.all(
    [1, 2, 3, 4].map((n) => open.post(RELEASES, { ...good, reason: `load ${n}`, parameters: { n } })),
  )
  expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201])
  // No worker has recorded the first request yet, so the differences are unknown.
  for (const { body, status } of all)
    expect(body).toMatchObject({ workflowId: 'release/toy/load-1', differs: status === 201 ? [] : null })
  const again = await open.post(RELEASES, good)
  expect(again).toMatchObject({
    status: 200,
    body: { existed: true, workflowUrl: expect.stringContaining('release%2Ftoy%2Fload-1') as string },
  })
})

it('a reason of 110,000 characters is shortened, and the release is started', async () => {
  const asked = await open.post(RELEASES, { id: 'wordy', reason: 'load '.repeat(22_000) })
  expect(asked).toMatchObject({ status: 201 })
  const reason = (await started()).get('wordy')?.trigger.cause?.reason
  expect(reason).toHaveLength(2_000)
  expect(reason).toMatch(/^load load .* … \[shortened\]$/)
})

it('an id whose run Temporal has forgotten is still the same release', async () => {
  const subject = 'release/toy/long-ago'
  const body = inputOfLongAgo
  await world.registry.ledger.append({ project: 'toy', kind: 'trigger', subject, key: `${subject}:trigger`, body })
  const found = await open.post(RELEASES, { ...good, id: 'long-ago' })
  expect(found).toMatchObject({ status: 200, body: { workflowId: subject, existed: true } })
  expect(found.body.differs).toEqual([])
  expect([...(await started()).keys()]).not.toContain('long-ago')
})

it('the same id with other content: the first request counts, and the differences are listed', async () => {
  const other = {
    ...good,
    id: 'long-ago',
    cutoff: '2001-01-20T01:00:00+01:00',
    evidence: 'replay',
    parameters: { n: 1 },
  }
  const found = await open.post(RELEASES, other)
  const { cutoff } = inputOfLongAgo.trigger
  expect(found).toMatchObject({ status: 200, body: { workflowId: 'release/toy/long-ago', existed: true } })
  expect(found.body.differs).toEqual([
    { field: 'cutoff', first: cutoff, asked: '2001-01-20T00:00:00.000Z' },
    { field: 'evidence', first: 'live', asked: 'replay' },
    { field: 'parameters.n', first: null, asked: 1 },
  ])
  expect([...(await started()).keys()]).not.toContain('long-ago')
})

it('records who asked and why; without a cutoff the data is as of the request', async () => {
  const before = Date.now()
  const cutoff = '2001-01-20T01:00:00+01:00'
  await open.post(RELEASES, { ...good, id: 'load-2', by: 'ana', cutoff, evidence: 'replay', parameters: { n: 1 } })
  expect((await guarded.post(RELEASES, { ...good, id: 'load-3', by: 'ana' }, bearer('operate'))).status).toBe(201)
  expect((await open.post(RELEASES, { ...good, id: 'bare' })).status).toBe(201)
  const releases = await started()
  expect(releases.get('load-2')).toMatchObject({
    trigger: {
      project: 'toy',
      id: 'load-2',
      kind: 'webhook',
      by: 'ana',
      cutoff: '2001-01-20T00:00:00.000Z',
      evidence: 'replay',
      parameters: { n: 1 },
      cause: { reason: good.reason },
    },
    policy: { name: 'toy_policy_v1' },
    clock: { eventStart: Date.parse(cutoff), speed: 1 },
  })
  // The name that a caller gives is not proven; the name of its token is.
  expect(releases.get('load-3')?.trigger.by).toBe('ana (token operate)')
  const { cutoff: now = '', evidence, by } = releases.get('bare')?.trigger ?? {}
  expect(Date.parse(now)).toBeGreaterThanOrEqual(before)
  expect(Date.parse(now)).toBeLessThanOrEqual(Date.now())
  expect({ evidence, by }).toEqual({ evidence: 'live', by: 'webhook' })
})

it('a cutoff in the future is measured by the clock of the service', async () => {
  const now = Date.now() + 400 * 86_400_000
  const ahead = await world.gateway({ startRelease: temporalCalls.start, now: () => now })
  expect((await ahead.post(RELEASES, { ...good, id: 'ahead' })).status).toBe(201)
  expect((await started()).get('ahead')?.trigger.cutoff).toBe(new Date(now).toISOString())
  const skewed = new Date(now + 59_000).toISOString()
  expect((await ahead.post(RELEASES, { ...good, id: 'skewed', cutoff: skewed })).status).toBe(201)
  const later = new Date(now + 61_000).toISOString()
  const refused = await ahead.post(RELEASES, { ...good, id: 'refused', cutoff: later })
  expect(refused).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('is in the future') as string },
  })
})

describe('refused with a problem document, and nothing is started:', () => {
  const refused = { ...good, id: 'refused' }
  const CASES: [string, string, unknown, number, string][] = [
    ['malformed JSON', RELEASES, '{"id": ', 400, 'JSON'],
    ['no id', RELEASES, { reason: 'x' }, 400, 'id'],
    ['an invalid id', RELEASES, { ...refused, id: 'a/b' }, 400, 'id: must begin with a letter or a digit'],
    ['no reason', RELEASES, { id: 'refused' }, 400, 'reason'],
    ['an empty reason', RELEASES, { ...refused, reason: '  ' }, 400, 'reason: must not be empty'],
    ['a reason with a NUL', RELEASES, { ...refused, reason: 'a\0' }, 400, 'reason'],
    ['an invalid cutoff', RELEASES, { ...refused, cutoff: 'yesterday' }, 400, 'cutoff'],
    ['a cutoff in the future', RELEASES, { ...refused, cutoff: '2999-01-01T00:00:00Z' }, 400, 'is in the future'],
    ['an unknown field', RELEASES, { ...refused, skip: 'evaluating' }, 400, 'skip'],
    ['a parameter that is an object', RELEASES, { ...refused, parameters: { a: {} } }, 400, 'parameters.a'],
    ['an unknown project', '/v1/projects/nope/releases', refused, 404, 'nope'],
  ]

  it.each(CASES)('%s', async (_what, path, body, status, says) => {
    const found = await open.post(path, body)
    expect(found).toMatchObject({ status, body: { status, detail: expect.stringContaining(says) as string } })
    expect(found.headers.get('content-type')).toBe('application/problem+json')
    expect([...(await started()).keys()]).not.toContain('refused')
  })

  it('another content type', async () => {
    expect((await open.post(RELEASES, JSON.stringify(refused), { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('without a token, and with a token of another role', async () => {
    expect((await guarded.post(RELEASES, refused)).status).toBe(401)
    for (const role of ['decide', 'read', 'label'])
      expect([role, (await guarded.post(RELEASES, refused, bearer(role))).status]).toEqual([role, 403])
    expect([...(await started()).keys()]).not.toContain('refused')
  })
})

it('is in the OpenAPI document', async () => {
  const { paths } = (await open.get('/openapi.json')).body as {
    paths: Record<string, { post?: { responses: Record<string, unknown> } }>
  }
  const responses = paths['/v1/projects/{project}/releases']?.post?.responses ?? {}
  expect(Object.keys(responses)).toEqual(['200', '201', '400', '401', '403', '404', '503'])
})

it('the command line starts a release through the service, without database and Temporal', async () => {
  const environment = {
    SLIPWAY_PROJECTS: TOY_PROJECT,
    SLIPWAY_DATABASE_URL: 'postgres://none@127.0.0.1:1/none',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  }
  const args = [
    'release',
    'start',
    'toy',
    '--server',
    open.url,
    '--trigger',
    'by-command',
    '--by',
    'ana',
    '--reason',
    'x',
  ]
  const first = await slipway([...args, '--json'], environment)
  expect([first.code, first.stderr]).toEqual([0, ''])
  expect(JSON.parse(first.stdout)).toMatchObject({ workflowId: 'release/toy/by-command', existed: false })
  expect(JSON.parse((await slipway([...args, '--json'], environment)).stdout)).toMatchObject({ existed: true })
  expect((await started()).get('by-command')?.trigger).toMatchObject({ by: 'ana', cause: { reason: 'x' } })
})

describe('by the form of the console, without a script,', () => {
  const FORM = '/projects/toy/start'
  const filled = {
    release: 'by-form',
    evidence: 'live',
    cutoff: '2001-01-20',
    source: '',
    policy: '',
    reason: 'the <b>load</b> is in',
    by: 'ana',
  }
  const page = async (path: string) => String((await open.get(path)).body.text)

  it('its consequence is shown first; the same form sent twice, and at once, is one release', async () => {
    expect(await page('/projects/toy')).toContain(`href="${FORM}"`)
    const form = await openForm(open, FORM)
    expect(form.text).toContain(`Production stays ${world.baseline}, and no share of the traffic changes now`)
    expect(form.text).toContain('<strong><bdi>toy_policy_v1</bdi></strong>, of the project: ')
    expect(form.text).toContain('stated, not proven')
    const sent = [...(await Promise.all([1, 2].map(() => form.send(filled)))), await form.send(filled)]
    const outcome = '/projects/toy?started=by-form'
    expect(sent.map(({ status, location }) => [status, location])).toEqual([1, 2, 3].map(() => [303, outcome]))
    const input = (await started()).get('by-form')
    expect(input?.trigger).toMatchObject({ by: 'ana', cause: { reason: filled.reason }, evidence: 'live' })
    expect([input?.trigger.cutoff, input?.trigger.source]).toEqual(['2001-01-20T00:00:00.000Z', undefined])
    expect(await page(outcome)).toContain('does not hold release <bdi>by-form</bdi> yet')
    // As its worker does.
    await recordTrigger('by-form', input)
    expect(await page(outcome)).toContain('by <bdi>ana</bdi> (<bdi>the &lt;b&gt;load&lt;/b&gt; is in</bdi>)')
    expect((await form.send(filled)).location).toBe(outcome)
    const other = await form.send({ ...filled, cutoff: '2001-01-21' })
    expect([other.status, other.text]).toEqual([409, expect.stringContaining('was started before, by ana')])
  })

  it('data and policy are those of earlier releases; who may promote stays a matter of the project', async () => {
    const { trigger, clock } = inputOfLongAgo
    const { manualPromote } = project.policy
    const other = manualPromote === 'never' ? 'shorten_window' : 'never'
    const looser = { ...project.policy, name: 'looser_v1', deadline: '20d', manualPromote: other } as const
    await recordTrigger('earlier', {
      trigger: { ...trigger, id: 'earlier', source: '/data/<b>parcels</b>.csv' },
      policy: { ...looser, promotionApproval: 'none' },
      clock,
    })
    const form = await openForm(open, FORM)
    expect(form.text).toContain('<option value="/data/&lt;b&gt;parcels&lt;/b&gt;.csv">')
    const digest = /name="policy" value="(sha256:\w+|\w+)"> <strong><bdi>looser_v1/.exec(form.text)?.[1] ?? ''
    const chosen = { ...filled, release: 'chosen', source: '/data/<b>parcels</b>.csv', policy: digest }
    expect((await form.send(chosen)).location).toBe('/projects/toy?started=chosen')
    expect((await started()).get('chosen')).toMatchObject({
      trigger: { source: '/data/<b>parcels</b>.csv' },
      policy: { name: 'looser_v1', deadline: '20d', manualPromote },
    })
    expect((await started()).get('chosen')?.policy.promotionApproval).toBe(project.policy.promotionApproval)
  })

  it('data that were added can be chosen by name; lost meanwhile, they start nothing', async () => {
    const artifact = `sha256:${'a'.repeat(64)}`
    await world.registry.ledger.append({
      project: 'toy',
      kind: 'source',
      subject: SOURCES_SUBJECT,
      key: sourceKey(artifact, 'x'),
      body: { artifact, name: 'may.csv', files: 1, bytes: 10, by: 'bo' },
    })
    const form = await openForm(open, FORM)
    expect(form.text).toMatch(new RegExp(`<option value="${artifact}">may.csv, added .* by bo</option>`))
    const lost = await form.send({ ...filled, release: 'refused', source: artifact })
    expect([lost.status, lost.text]).toEqual([400, expect.stringContaining('is missing from the artifact store')])
    expect(lost.text).toContain(`<option value="${artifact}" selected>`)
    expect([...(await started()).keys()]).not.toContain('refused')
  })

  it.each<[string, Record<string, string>, number, string]>([
    ['an empty form', { release: '', evidence: '', reason: '', by: '' }, 400, 'Give a reason'],
    ['a reason that is longer than is kept', { reason: 'x'.repeat(2_001) }, 400, 'The reason has 2001 characters'],
    ['an id that is none', { release: 'a/../b' }, 400, 'The id of the release must begin with a letter or a digit'],
    ['no time', { cutoff: '<b>yesterday\u202e' }, 400, '“&lt;b&gt;yesterday[U+202E]” is not a time'],
    ['a time to come', { cutoff: '2999-01-01' }, 400, 'is in the future'],
    ['data that no release used', { source: '/etc/passwd' }, 400, 'Choose data that was added, or'],
    ['a policy that is none of them', { policy: 'x' }, 400, 'The policy is not one of these any more'],
    ['a box that is none', { undecided: 'no' }, 400, 'Tick the last box'],
    ['a token of another session', { csrf: 'x' }, 403, 'confirm it again'],
    ['a stale consequence', { seen: 'x' }, 409, 'has changed since it was shown'],
  ])('%s: shown again with what was typed, and nothing is started', async (_what, more, status, says) => {
    const form = await openForm(open, FORM)
    const answer = await form.send({ ...filled, release: 'refused', reason: 'typed <i>', ...more })
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)])
    expect(answer.text).toContain('Nothing was done.')
    expect(answer.text).toContain(`name="id" value="${form.fields.id}"`)
    if (more.reason === undefined) expect(answer.text).toContain('typed &lt;i&gt;</textarea>')
    if (more.release === undefined) expect(answer.text).toContain('maxlength="80" autocomplete="off" value="refused"')
    expect([...(await started()).keys()]).not.toContain('refused')
  })

  it('another site, another role and a project that is gone start nothing', async () => {
    const form = await openForm(open, FORM)
    const sent = { ...filled, release: 'refused' }
    expect((await form.send(sent, { origin: 'https://evil.example' })).status).toBe(403)
    for (const role of ['decide', 'read', 'label']) {
      const body = new URLSearchParams({ ...form.fields, ...sent })
      const answer = await fetch(`${guarded.url}${FORM}`, { method: 'POST', body, headers: bearer(role) })
      expect([role, answer.status]).toEqual([role, 403])
    }
    expect((await open.get('/projects/none/start', { accept: 'text/html' })).status).toBe(404)
    expect([...(await started()).keys()]).not.toContain('refused')
  })
})

async function recordTrigger(id: string, body: ReleaseInput | undefined): Promise<void> {
  const subject = `release/toy/${id}`
  if (!body) throw new Error(`${subject} was not started`)
  await world.registry.ledger.append({ project: 'toy', kind: 'trigger', subject, key: `${subject}:trigger`, body })
}

it('a schedule is paused and resumed over HTTP, with the name and the reason in its note', async () => {
  const scheduled = { ...project, schedule: { cron: '0 3 * * *' } } as Project
  const withClient = temporalCalls.withClient
  const gateway = await world.gateway({ projects: new Map([['toy', scheduled]]), withClient })
  const path = '/v1/projects/toy/schedule/actions'
  const note = { by: 'ana', reason: 'stocktaking' }
  // Not applied yet.
  expect(await gateway.post(path, { action: 'pause', ...note })).toMatchObject({ status: 400 })
  await temporalCalls.withClient((client) =>
    client.schedule.create({
      scheduleId: scheduleId('toy'),
      spec: { cronExpressions: ['0 3 * * *'] },
      action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
    }),
  )
  const stateNow = () =>
    withClient(async (client) => (await client.schedule.getHandle(scheduleId('toy')).describe()).state)
  for (const [action, paused] of [
    ['pause', true],
    ['pause', true],
    ['resume', false],
  ] as const) {
    const done = await gateway.post(path, { action, ...note })
    const says = `${action}d by ana: stocktaking`
    expect(done).toMatchObject({ status: 200, body: { project: 'toy', condition: null, note: says } })
    expect(await stateNow()).toMatchObject({ paused, note: says })
  }
})

it('a service without Temporal, and one whose Temporal is unreachable: 503 with Retry-After, nothing started', async () => {
  const alone = await world.gateway()
  await temporal.stop()
  for (const gateway of [alone, open]) {
    const found = await gateway.post(RELEASES, { ...good, id: 'load-4' })
    expect(found).toMatchObject({ status: 503, body: { status: 503 } })
    expect(Number(found.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  // Decisions are still answered.
  expect((await open.post('/v1/projects/toy/decisions', { entityKey: 'a', input: { x: 1, z: 0 } })).status).toBe(200)
})
