/** Login in a browser at a real OpenID provider, without a browser: cookies, forms and redirects by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { createAttemptLog } from '../../http/access/attempt-log.js'
import type { RefusedAttempt } from '../../http/guard.js'
import { createBearerVerifier } from '../../http/identity/bearer.js'
import { identitySettings } from '../../http/identity/settings.js'
import { createLoginClient } from '../../http/session/login-client.js'
import { createSessions } from '../../http/session/sessions.js'
import { createProver } from '../../releases/identity/prover.js'
import { candidate, type Gateway, openCanary, openWorld, type World } from '../serving/support.js'
import { CookieJar } from '../support/cookie-jar.js'
import { AUDIENCE, CLIENT_SECRET, type Issuer, startIssuer } from '../support/issuer.js'
import { logInAt } from './log-in.js'
import { hiddenFields, openForm } from './support.js'

const SECRET = 'a secret that has at least 32 characters'
const ACTION = '/v1/projects/toy/releases/none/actions'
/** The service has no Temporal server, which alone knows whether there is such a release. */
const ALLOWED = 503
const html = { accept: 'text/html' }
const pause = JSON.stringify({ action: 'pause', reason: 'storm' })

let world: World
let issuer: Issuer
let gateway: Gateway
let url: string
let later = 0
const refused: RefusedAttempt[] = []
beforeAll(async () => {
  world = await openWorld()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  issuer = await startIssuer({ redirectUris: [`${url}/callback`] })
  const settings = identitySettings.parse({
    issuer: issuer.url,
    audience: AUDIENCE,
    login: { clientId: 'console', publicUrl: url, scope: 'openid groups offline_access', prompt: 'consent' },
    roles: [
      { group: 'operators', roles: ['operate'] },
      { group: 'reviewers', roles: ['read', 'approve'] },
      { group: 'toy-operators', roles: ['operate'], projects: ['toy'] },
    ],
  })
  const client = createLoginClient(settings, CLIENT_SECRET)
  const sessions = createSessions({ settings, client, secret: SECRET, now: () => Date.now() + later })
  const verifyBearer = createBearerVerifier(settings)
  gateway = await world.gateway({
    verifyBearer,
    sessions,
    prover: createProver(SECRET),
    onRefused: (attempt) => void refused.push(attempt),
    live: { everyMs: 50, lastsMs: 100 },
    port,
  })
})
afterAll(async () => {
  await world?.stop()
  await issuer?.stop()
})

const logIn = (name: string, next = '/session') => logInAt(url, name, next)

const session = async (jar: CookieJar) =>
  (await jar.fetch(`${url}/session`)).json() as Promise<{ name: string; csrf: string }>
const act = async (jar: CookieJar, headers: Record<string, string> = {}, body = pause) =>
  (
    await jar.fetch(`${url}${ACTION}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  ).status

it('a person logs in and acts with the roles of their groups; the cookie tells a script and another site nothing', async () => {
  const jar = await logIn('ana')
  const { name, csrf } = await session(jar)
  expect(name).toBe('ana')
  expect(await act(jar, { 'x-csrf-token': csrf })).toBe(ALLOWED)
  const reviewer = await logIn('bo')
  const own = { 'x-csrf-token': (await session(reviewer)).csrf }
  expect(await act(reviewer, own)).toBe(403)
  expect(await act(reviewer, own, pause.replace('pause', 'approve'))).toBe(ALLOWED)
  const cookie = jar.raw('slipway_session')
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  expect(cookie).not.toContain('ana')
  // The issuer knows no group of dan.
  const none = await logIn('dan')
  expect(await act(none, { 'x-csrf-token': (await session(none)).csrf })).toBe(403)
})

describe('a request that changes something is refused, and audited, when it comes', () => {
  it.each<[string, Record<string, string>]>([
    ['without the token of the page', {}],
    ['with a token that is not that of the session', { 'x-csrf-token': 'x'.repeat(43) }],
    ['from another site', { origin: 'https://evil.example' }],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['from a page without origin', { origin: 'null' }],
  ])('%s', async (_what, headers) => {
    const jar = await logIn('ana')
    const { csrf } = await session(jar)
    const own = Object.keys(headers).length === 0 || 'x-csrf-token' in headers ? {} : { 'x-csrf-token': csrf }
    refused.length = 0
    expect(await act(jar, { ...own, ...headers })).toBe(403)
    expect(refused).toMatchObject([{ status: 403, method: 'POST', path: ACTION, caller: 'ana', address: '127.0.0.1' }])
  })

  it('as a form without the token of the page; with it, the person is logged out', async () => {
    const jar = await logIn('ana')
    const { csrf } = await session(jar)
    const logOut = (fields: Record<string, string>) =>
      jar.fetch(`${url}/logout`, { method: 'POST', body: new URLSearchParams(fields) })
    expect((await logOut({})).status).toBe(403)
    expect((await session(jar)).name).toBe('ana')
    const copy = jar.copy()
    const out = await logOut({ csrf })
    expect(out.status).toBe(303)
    expect(out.headers.get('location')).toContain(`${issuer.url}/session/end`)
    expect((await jar.fetch(`${url}/session`)).status).toBe(401)
    // A copy of the cookie ends when the issuer is asked again.
    later = 16 * 60_000
    try {
      expect((await copy.fetch(`${url}/session`)).status).toBe(401)
    } finally {
      later = 0
    }
  })
})

it('a session is renewed at the issuer, once for requests that come together, and ends after half a day', async () => {
  const jar = await logIn('ana')
  const before = jar.raw('slipway_session')
  later = 16 * 60_000
  try {
    const copies = [jar.copy(), jar.copy(), jar]
    const all = await Promise.all(copies.map((one) => one.fetch(`${url}/session`)))
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(jar.raw('slipway_session')).not.toBe(before)
    later = 32 * 60_000
    expect((await jar.fetch(`${url}/session`)).status).toBe(200)
    later = 13 * 3_600_000
    expect((await jar.fetch(`${url}/session`)).status).toBe(401)
  } finally {
    later = 0
  }
})

it('with the issuer away a session lasts an hour longer, and a login is answered with 503', async () => {
  const jar = await logIn('ana')
  await issuer.stop()
  try {
    later = 30 * 60_000
    expect((await jar.fetch(`${url}/session`)).status).toBe(200)
    later = 3 * 3_600_000
    expect((await jar.fetch(`${url}/session`)).status).toBe(503)
    const page = await jar.fetch(`${url}/`, { headers: html })
    const text = await page.text()
    expect([page.status, text]).toEqual([503, expect.stringContaining('the issuer did not answer')])
    // An operator would look for the fault in the wrong place.
    expect(text).not.toContain('registry')
  } finally {
    later = 0
    await issuer.start()
  }
})

it('a stream of changes ends in time to ask again who reads it, and is refused when the session has ended', async () => {
  const jar = await logIn('ana')
  const read = () => jar.fetch(`${url}/console/events?of=%2F`)
  expect(await (await read()).text()).toContain('retry:')
  later = 13 * 3_600_000
  try {
    expect((await read()).status).toBe(401)
  } finally {
    later = 0
  }
})

it('a person without the role for a page can log out there', async () => {
  const page = await (await logIn('dan')).fetch(`${url}/`, { headers: html })
  expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('action="/logout"')])
})

it('a role for one project shows the traces of its decisions, and no release of another project', async () => {
  const { manifest: own } = await world.registry.releases.get(world.baseline)
  const manifest = { ...own, project: 'other', featureVersion: 'features_of_another_project' }
  const other = await world.registry.releases.register({ project: 'other', manifest, workflowId: 'release/other/1' })
  const jar = await logIn('cy')
  // Where a login leads to when no address was asked for.
  const home = await jar.fetch(`${url}/`, { headers: html })
  expect([home.status, await home.text()]).toEqual([200, expect.stringContaining('href="/projects/toy"')])
  expect((await jar.fetch(`${url}/console/events?of=%2F`)).status).toBe(403)
  const statusOf = async (path: string) => (await jar.fetch(`${url}${path}`, { headers: html })).status
  for (const path of ['none/trace?project=toy', 'trace?id=none&project=toy'])
    expect([path, await statusOf(`/v1/decisions/${path}`)]).toEqual([path, 404])
  for (const more of ['', '&project=', '&project=other', '&project=other&project=toy'])
    expect([more, await statusOf(`/v1/decisions/trace?id=none${more}`)]).toEqual([more, 403])
  const compared = (a: string) => jar.fetch(`${url}/projects/toy/history?a=${a}&b=${world.baseline}`)
  expect(await (await compared(world.baseline)).text()).toContain('<td>features</td>')
  for (const foreign of [other.releaseId, other.digest]) {
    const text = await (await compared(foreign)).text()
    expect(text).toContain(`release &quot;${foreign}&quot; of toy is unknown`)
    expect(text).not.toContain(manifest.featureVersion)
  }
})

describe('refused:', () => {
  it('a cookie that was changed, and one of another secret', async () => {
    const jar = await logIn('ana')
    const value = jar.get('slipway_session') ?? ''
    for (const forged of [`${value.slice(0, -4)}AAAA`, value.split('').reverse().join(''), 'x'])
      expect((await gateway.get('/session', { cookie: `slipway_session=${forged}` })).status).toBe(401)
    const login = new CookieJar()
    await login.fetch(`${url}/login`)
    // The cookie of a login is none of a session.
    expect((await gateway.get('/session', { cookie: `slipway_session=${login.get('slipway_login')}` })).status).toBe(
      401,
    )
  })

  it('a callback that belongs to no login of this browser, and one with another state', async () => {
    const found = await gateway.get('/callback?code=x&state=y')
    expect(found.status).toBe(400)
    expect(found.headers.get('content-security-policy')).toContain("script-src 'self'")
    const jar = new CookieJar()
    await jar.fetch(`${url}/login`)
    const other = await jar.fetch(`${url}/callback?code=x&state=y`)
    expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('Log in again')])
    expect((await jar.fetch(`${url}/session`)).status).toBe(401)
  })

  it('a login leads back to this service only', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const jar = new CookieJar()
      const response = await jar.fetch(`${url}/login?next=${encodeURIComponent(next)}`)
      expect(response.headers.get('location')).toContain(issuer.url)
      const pending = jar.get('slipway_login')
      expect(pending).toBeDefined()
    }
    const ended = await logInTo('//evil.example')
    expect(ended).toBe('/')
  })

  it('a browser without a session is sent to the login, a machine gets 401', async () => {
    const page = await fetch(`${url}/v1/decisions/x/trace?a=1`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    })
    expect(page.headers.get('location')).toBe('/login?next=%2Fv1%2Fdecisions%2Fx%2Ftrace%3Fa%3D1')
    expect((await gateway.get('/v1/decisions/x/trace')).status).toBe(401)
  })

  it('wrong tokens, faster than anyone types: 429', async () => {
    const wrong = () => gateway.get('/session', { authorization: 'Bearer slw_wrong' })
    const statuses = (await Promise.all(Array.from({ length: 30 }, wrong))).map(({ status }) => status)
    expect(statuses).toContain(429)
    expect(statuses).toContain(401)
  })
})

describe('the form of an operator action', () => {
  const FORM = '/projects/toy/releases/0.3/actions/abort'
  const typed = { reason: 'the <canary> does harm\nsince 3 a.m. \u001b[31m\u202e' }
  const shown = 'the &lt;canary&gt; does harm\nsince 3 a.m. ␛[31m[U+202E]</textarea>'
  const opened = (jar: CookieJar) => openForm({ url }, FORM, (to, init) => jar.fetch(to, init))
  const recorded = async () => (await world.registry.ledger.entries('toy', { kind: 'operator_action' })).length
  beforeAll(async () => openCanary(world, await candidate(world, 0.3), 1_000))

  it('whose session ends meanwhile keeps what was typed, and can be confirmed after the login', async () => {
    const jar = await logIn('ana', FORM)
    const form = await opened(jar)
    expect(form.text).toContain('Recorded as <strong><bdi>ana</bdi></strong>: proven by your login')
    later = 13 * 3_600_000
    try {
      const ended = await form.send(typed)
      expect([ended.status, ended.text]).toEqual([401, expect.stringContaining('Your session has ended')])
      expect(ended.text).toContain(shown)
      expect(ended.text).toContain(`href="/login?next=${encodeURIComponent(FORM)}"`)
      // Nothing of the project is shown to a browser without a session.
      expect(ended.text).not.toContain('Production')
    } finally {
      later = 0
    }
    const renewed = await logIn('ana', FORM)
    const confirmed = await openForm({ url }, FORM, (to, init) => renewed.fetch(to, init))
    const once = await confirmed.send({ ...form.fields, ...typed, csrf: '' })
    expect([once.status, once.text]).toEqual([403, expect.stringContaining(shown)])
    const fields = hiddenFields(once.text)
    expect([fields.id, fields.csrf]).toEqual([form.fields.id, confirmed.fields.csrf])
    // This service has no Temporal server: the abort is kept, and the page says so.
    const sent = await confirmed.send({ ...fields, ...typed })
    expect([sent.status, sent.location]).toEqual([303, `/projects/toy/releases/0.3?did=${form.fields.id}`])
    const outcome = await (await renewed.fetch(`${url}${sent.location}`)).text()
    expect(outcome).toContain('the &lt;canary&gt; does harm\nsince 3 a.m. ␛[31m[U+202E]</bdi>): <bdi>kept here;')
  })

  it('from another site, of another session, and of a person who may only read: nothing is done', async () => {
    const before = await recorded()
    const jar = await logIn('ana')
    const form = await opened(jar)
    for (const foreign of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const { status, text } = await form.send(typed, foreign as Record<string, string>)
      expect([status, text.includes('harm')]).toEqual([403, false])
    }
    const other = await opened(await logIn('ana'))
    expect((await form.send({ ...typed, csrf: other.fields.csrf ?? '' })).status).toBe(403)
    const reviewer = await opened(await logIn('bo'))
    expect(reviewer.text).toContain('bo may read only: this needs the role operate.')
    expect((await reviewer.send({ ...typed, ...form.fields, csrf: reviewer.fields.csrf ?? '' })).status).toBe(403)
    expect(await recorded()).toBe(before)
  })
})

it('a flood of refused attempts is a bounded number of lines, which say how many were left out', () => {
  const lines: string[] = []
  let now = 0
  const log = createAttemptLog(
    (line) => void lines.push(line),
    () => now,
  )
  const attempt = { status: 401, method: 'GET', path: '/', address: '192.0.2.1', caller: null, why: 'x' } as const
  for (let sent = 0; sent < 1_000; sent += 1) log(attempt)
  expect(lines.length).toBeLessThan(50)
  now = 60_000
  log(attempt)
  expect(lines.at(-1)).toContain(`"omitted":${1_001 - lines.length}`)
})

/** @returns the path on this service where a login ends */
async function logInTo(next: string): Promise<string> {
  const jar = await logIn('ana', next)
  return new URL(jar.last).pathname
}
