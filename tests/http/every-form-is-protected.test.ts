/**
 * All forms of the console with one table of what may be wrong with them. A form that is not in the tables fails the
 * first test. Each form in them is sent from another site, forged, stale, incomplete, too long, twice, and after its
 * session.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../embedded/free-port.js'
import { createApp } from '../../http/app.js'
import type { AppOptions } from '../../http/app-options.js'
import { createBearerVerifier } from '../../http/identity/bearer.js'
import { identitySettings } from '../../http/identity/settings.js'
import { createLoginClient } from '../../http/session/login-client.js'
import { createSessions } from '../../http/session/sessions.js'
import { createProver } from '../../releases/identity/prover.js'
import { candidate, type Gateway, moveAlias, openCanary, openWorld, type World } from '../serving/support.js'
import type { CookieJar } from '../support/cookie-jar.js'
import { AUDIENCE, CLIENT_SECRET, type Issuer, startIssuer } from '../support/issuer.js'
import { logInAt } from './log-in.js'
import { hiddenFields, openForm } from './support.js'

const SECRET = 'a secret that has at least 32 characters'
const RUN = '/projects/toy/releases/0.3'
const typed = { reason: 'the <b>hubs</b> are full' }

/** By route. Each is sent with `fields`. */
const ACTING: Record<string, { readonly at: string; readonly fields: Record<string, string> }> = {
  '/projects/:project/releases/:trigger/actions/:action': { at: `${RUN}/actions/abort`, fields: typed },
  '/projects/:project/start': {
    at: '/projects/toy/start',
    fields: {
      ...typed,
      release: 'new-1',
      evidence: 'live',
      cutoff: '2001-01-20',
      source: '',
      policy: '',
      undecided: 'yes',
    },
  },
  '/projects/:project/rollback': { at: '/projects/toy/rollback', fields: typed },
}
/** Ends the session that it is sent with, and nothing else: without a reason or a consequence. */
const LOGOUT = '/logout'

const long = { changes: JSON.stringify({ name: 'x'.repeat(60), judge: { objective: 'superiority' } }).padEnd(3_000) }
/** By address, and by what is asked or else the fields. `computes`: fields that are computed with. */
const ASKING: Record<string, { readonly computes?: Record<string, string> }> = {
  '/projects/toy/history at': {},
  '/projects/toy/history a b': {},
  '/v1/decisions/trace id project': {},
  '/projects/toy/policy plan': {
    computes: {
      ask: 'plan',
      perDay: '400',
      rate: '0.2',
      smallestEffect: '0.5',
      horizon: '2d',
      ramp: '10,50',
      runs: '1',
      seed: '1',
    },
  },
  '/projects/toy/policy simulate': {
    computes: {
      ask: 'simulate',
      traffic: '400',
      rate: '0.2',
      effect: '0.5',
      cost: '1',
      visits: '1',
      icc: '0.1',
      daySd: '0',
      coverage: '1',
      runs: '1',
      seed: '1',
      ...long,
    },
  },
  [`${RUN}/policy replay`]: { computes: { ask: 'replay', ...long } },
}

let world: World
let issuer: Issuer
let gateway: Gateway
let options: AppOptions
let url: string
let later = 0
let ana: CookieJar
beforeAll(async () => {
  world = await openWorld()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  issuer = await startIssuer({ redirectUris: [`${url}/callback`] })
  const login = { clientId: 'console', publicUrl: url, scope: 'openid groups offline_access', prompt: 'consent' }
  const roles = [{ group: 'operators', roles: ['operate'] }]
  const settings = identitySettings.parse({ issuer: issuer.url, audience: AUDIENCE, login, roles })
  const client = createLoginClient(settings, CLIENT_SECRET)
  options = {
    tokens: [],
    requestsPerSecond: 1e6,
    bodyBytes: 1 << 20,
    version: 'test',
    workflowUrl: () => null,
    sessions: createSessions({ settings, client, secret: SECRET, now: () => Date.now() + later }),
    // Without it, the service is open.
    verifyBearer: createBearerVerifier(settings),
    prover: createProver(SECRET),
    // Records what a worker would: starts on a Temporal server have a test of their own.
    async startRelease(input) {
      const subject = `release/toy/${input.trigger.id}`
      await world.registry.ledger.append({
        project: 'toy',
        kind: 'trigger',
        subject,
        key: `${subject}:trigger`,
        body: input,
      })
      return { workflowId: subject, existed: false }
    },
  }
  gateway = await world.gateway({ ...options, port })
  const earlier = await candidate(world, 0.2)
  const move = { alias: 'production', workflowId: null } as const
  await moveAlias(world.registry, { ...move, expected: world.baseline, to: earlier.releaseId, key: 'by hand' })
  await openCanary(world, await candidate(world, 0.3), 1_000)
  ana = await logInAt(url, 'ana', '/')
})
afterAll(async () => {
  await world?.stop()
  await issuer?.stop()
})

const heads = () => world.registry.ledger.heads()
const html = { accept: 'text/html' }
const addressOf = (key: string, fields: Record<string, string>) => `${key.split(' ')[0]}?${new URLSearchParams(fields)}`

it('every form of every page is in these tables, and so is every route that takes a form', async () => {
  const { routes } = createApp(gateway.service, options)
  const isPage = ({ path }: { path: string }) => path.startsWith('/') && !/^\/(v1|temporal|ofrep|\*)/.test(path)
  const taking = routes.filter((route) => route.method === 'POST' && isPage(route))
  expect(new Set(taking.map(({ path }) => path))).toEqual(new Set([...Object.keys(ACTING), LOGOUT]))

  const asking = new Set<string>()
  const acting = new Set<string>()
  const pages = new Set(routes.filter((route) => route.method === 'GET' && isPage(route)).map(({ path }) => path))
  for (const path of pages) {
    if (['/login', '/callback', '/metrics', '/console/events'].includes(path)) continue
    const concrete = path.replace(':project', 'toy').replace(':trigger', '0.3').replace(':action', 'abort')
    const text = await (await ana.fetch(`${url}${concrete}`, { headers: html })).text()
    for (const [, tag = '', inner = ''] of text.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)) {
      const action = /action="([^"#?]*)/.exec(tag)?.[1] ?? ''
      if (/method="post"/.test(tag)) acting.add(action)
      else {
        const names = [...inner.matchAll(/name="([^"]+)"/g)].map(([, name]) => name)
        asking.add(`${action} ${/name="ask" value="(\w+)"/.exec(inner)?.[1] ?? names.join(' ')}`)
      }
    }
  }
  expect(acting).toEqual(new Set([...Object.values(ACTING).map(({ at }) => at), LOGOUT]))
  expect(asking).toEqual(new Set(Object.keys(ASKING)))
})

describe.each(Object.entries(ACTING))('the form at %s', (_route, { at, fields }) => {
  const opened = (jar: CookieJar) => openForm({ url }, at, (to, init) => jar.fetch(to, init))
  const shown = (value: string) => value.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const keeps = (text: string) =>
    Object.entries(fields).filter(
      ([name, value]) => value !== '' && !(text.includes(`name="${name}"`) && text.includes(shown(value))),
    )

  it('does nothing when it is forged, stale, incomplete or too long, and shows again what was typed', async () => {
    const form = await opened(ana)
    const other = await opened(await logInAt(url, 'ana', '/'))
    const before = await heads()
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const { status, text } = await form.send(fields, headers as Record<string, string>)
      expect([headers, status, text.includes('hubs')]).toEqual([headers, 403, false])
    }
    const wrong: [Record<string, string>, number][] = [
      [{ csrf: '' }, 403],
      [{ csrf: other.fields.csrf ?? '' }, 403],
      [{ seen: '' }, 409],
      [{ seen: 'x' }, 409],
      [{ id: '' }, 400],
    ]
    for (const [more, status] of wrong) {
      const sent = await form.send({ ...fields, ...more })
      expect([more, sent.status, keeps(sent.text)]).toEqual([more, status, []])
      expect(sent.text).toContain('Nothing was done.')
    }
    const body = new URLSearchParams()
    expect((await ana.fetch(`${url}${at}`, { method: 'POST', headers: { origin: url }, body })).status).toBe(403)
    const visible = Object.keys(fields).filter((name) => name !== 'source' && name !== 'policy')
    for (const name of [...visible, 'id', 'seen', 'csrf', 'source', 'policy']) {
      if (!(name in fields) && !(name in form.fields)) continue
      const { status } = await form.send({ ...fields, [name]: 'x'.repeat(20_000) })
      expect([name, status >= 400 && status < 500]).toEqual([name, true])
    }
    expect((await form.send({ ...fields, reason: '' })).status).toBe(400)
    expect(await heads()).toEqual(before)
  })

  it('keeps everything when its session ends, is confirmed after the login, and sent twice is one action', async () => {
    const form = await opened(await logInAt(url, 'ana', at))
    const before = await heads()
    later = 13 * 3_600_000
    const ended = await form.send(fields).finally(() => {
      later = 0
    })
    expect([ended.status, keeps(ended.text)]).toEqual([401, []])
    expect(ended.text).toContain(`href="/login?next=${encodeURIComponent(at)}"`)
    // Continued in this tab, after the login in another one.
    const kept = { ...hiddenFields(ended.text), ...typed }
    const renewed = await opened(await logInAt(url, 'ana', at))
    const again = await renewed.send(kept)
    expect([again.status, keeps(again.text)]).toEqual([403, []])
    expect(await heads()).toEqual(before)
    const confirmed = { ...fields, ...hiddenFields(again.text) }
    expect([confirmed.id, confirmed.csrf]).toEqual([form.fields.id, renewed.fields.csrf])
    const done = await renewed.send(confirmed)
    expect([done.status, done.location]).toEqual([303, expect.any(String)])
    const after = await heads()
    expect(after).not.toEqual(before)
    expect(await renewed.send(confirmed)).toMatchObject({ status: 303, location: done.location })
    expect(await heads()).toEqual(after)
  })
})

describe.each(Object.entries(ASKING))('the form at %s', (key, { computes }) => {
  const fields = Object.keys(
    computes ??
      Object.fromEntries(
        key
          .split(' ')
          .slice(1)
          .map((name) => [name, '']),
      ),
  )
  const fetched = (given: string) => ana.fetch(`${url}${given}`, { headers: html })

  it('changes nothing and shows no markup that was typed, whatever is typed, missing, too long or given twice', async () => {
    const before = await heads()
    for (const value of ['', '<b>x</b>\u202e', 'x'.repeat(3_000)])
      for (const name of fields.filter((one) => one !== 'ask')) {
        const given = { ...(computes && { ask: computes.ask ?? '' }), [name]: value }
        for (const address of [addressOf(key, given), `${addressOf(key, given)}&${name}=1`]) {
          const answer = await fetched(address)
          const text = await answer.text()
          expect([address.slice(0, 80), answer.status < 500, /<b>x|\u202e/.test(text)]).toEqual([
            address.slice(0, 80),
            true,
            false,
          ])
        }
      }
    expect(await heads()).toEqual(before)
  })

  it('is in the address, to which a login leads back; another site makes it compute nothing', async () => {
    const filled = computes ? { ...computes, changes: '' } : Object.fromEntries(fields.map((name) => [name, 'x']))
    const short = addressOf(key, filled)
    const to = await fetch(`${url}${short}`, { headers: html, redirect: 'manual' })
    expect(to.headers.get('location')).toBe(`/login?next=${encodeURIComponent(short)}`)
    expect((await logInAt(url, 'ana', short)).last).toBe(`${url}${short}`)
    if (!computes) return
    const led = await ana.fetch(`${url}${short}`, { headers: { ...html, 'sec-fetch-site': 'cross-site' } })
    const text = await led.text()
    expect([text.includes('Another site led here'), text.includes('<svg')]).toEqual([true, false])
    if (!('changes' in computes)) return
    // No cookie keeps an address of this length.
    const address = addressOf(key, computes)
    const first = await fetch(`${url}${address}`, { headers: html, redirect: 'manual' })
    const page = await first.text()
    expect([first.status, page.includes(`<a href="${address.replaceAll('&', '&amp;')}">Continue</a>`)]).toEqual([
      401,
      true,
    ])
    expect((await logInAt(url, 'ana', address)).last).toBe(`${url}/`)
  })
})
