import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newToken, openTokens, type Role, readTokens, requireSafeBinding } from '../../http/index.js'
import {
  ask,
  candidate,
  DECISIONS,
  type Gateway,
  inputOf,
  logged,
  OUTCOMES,
  openCanary,
  openWorld,
  until,
  type World,
} from '../serving/support.js'
import { slipway } from '../support/slipway.js'
import { eventually } from '../support/steer.js'

const made = (['decide', 'label', 'read', 'operate'] as const).map((role) => newToken(role, [role]))
const bearer = (role: Role) => ({
  authorization: `Bearer ${made.find(({ token }) => token.name === role)?.secret}`,
})

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway({ tokens: made.map(({ token }) => token) })
})
afterAll(() => world?.stop())

const outcomes = [{ decisionId: 'nobody', label: 1, observedAt: '2026-01-01T00:00:00Z' }]
const CALLS: Record<string, { needs: Role; call: (headers: Record<string, string>) => ReturnType<Gateway['get']> }> = {
  decide: { needs: 'decide', call: (headers) => gateway.post(DECISIONS, ask('a'), headers) },
  outcomes: { needs: 'label', call: (headers) => gateway.post(OUTCOMES, outcomes, headers) },
  aliases: { needs: 'read', call: (headers) => gateway.get('/v1/projects/toy/aliases', headers) },
  release: { needs: 'read', call: (headers) => gateway.get('/v1/releases/toy_v1', headers) },
  metrics: { needs: 'read', call: (headers) => gateway.get('/metrics', headers) },
}

describe('a token allows only what its role says:', () => {
  it.each(Object.keys(CALLS))('%s', async (name) => {
    const { needs, call } = CALLS[name] as (typeof CALLS)[string]
    expect((await call({})).status).toBe(401)
    expect((await call({ authorization: 'Bearer slw_wrong' })).status).toBe(401)
    for (const role of ['decide', 'label', 'read', 'operate'] as const) {
      expect([role, (await call(bearer(role))).status]).toEqual([
        role,
        role === needs || role === 'operate' ? 200 : 403,
      ])
    }
  })

  it('health needs no token', async () => {
    expect([(await gateway.get('/healthz')).status, (await gateway.get('/readyz')).status]).toEqual([200, 200])
  })

  it('only operate may force an arm; such a decision is logged and never counts as evidence', async () => {
    const run = await candidate(world, 0.5)
    await openCanary(world, run, 1, inputOf(run.workflowId))
    await until(
      'canary',
      async () => (await gateway.get('/v1/projects/toy/aliases', bearer('read'))).body.canary === run.releaseId,
    )
    const forced = ask('b', { arm: 'canary', decisionId: 'forced' })
    expect((await gateway.post(DECISIONS, forced, bearer('decide'))).status).toBe(403)
    expect((await logged(world)).has('forced')).toBe(false)
    expect((await gateway.post(DECISIONS, forced, bearer('operate'))).body).toMatchObject({
      arm: 'canary',
      releaseId: run.releaseId,
    })
    expect((await logged(world)).get('forced')).toMatchObject({ source: 'forced', arm: 'canary' })
    const query = { project: 'toy', workflowId: run.workflowId, asOf: Date.now() + 1_000, labelHorizonMs: 1 }
    expect(await world.registry.evidence.cohorts({ ...query, source: 'live' })).toEqual([])
    expect((await gateway.post(DECISIONS, ask('b', { arm: 'holdback' }), bearer('operate'))).status).toBe(409)
  })
})

describe('refused at start:', () => {
  it('an address that other machines can reach, without any token', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org'])
      expect(() => requireSafeBinding(host, [])).toThrow(/slipway token new/)
    for (const host of ['127.0.0.1', '::1', 'localhost']) expect(() => requireSafeBinding(host, [])).not.toThrow()
    expect(() => requireSafeBinding('0.0.0.0', [newToken('a', ['decide']).token])).not.toThrow()
    const { code, stderr } = await slipway(['serve', '--bind', '0.0.0.0', '--port', '1'], {
      SLIPWAY_HOME: join(world.folder, 'none'),
    })
    expect(code).toBe(2)
    expect(stderr).toContain('without any token')
  })

  it('a named port that is in use', async () => {
    const { code, stderr } = await slipway(['serve'], {
      SLIPWAY_HOME: join(world.folder, 'none'),
      SLIPWAY_PORT: String(gateway.port),
    })
    expect(code).toBe(2)
    expect(stderr).toContain(`port ${gateway.port} is in use; set SLIPWAY_PORT`)
  })

  it('a malformed token file, naming the field', () => {
    const file = join(world.folder, 'bad-tokens.json')
    writeFileSync(file, JSON.stringify([{ name: 'a', roles: ['admin'], sha256: '0'.repeat(64) }]))
    expect(() => readTokens(file)).toThrow(/bad-tokens.json: 0.roles.0/)
  })
})

it('tokens are stored hashed and shown once, and names are unique', async () => {
  const home = { SLIPWAY_HOME: join(world.folder, 'token-home') }
  const first = await slipway(['token', 'new', 'ci', '--role', 'decide', 'label', '--json'], home)
  const { token } = JSON.parse(first.stdout) as { token: string }
  const kept = readTokens(join(home.SLIPWAY_HOME, 'tokens.json'))
  expect(kept).toMatchObject([{ name: 'ci', roles: ['decide', 'label'] }])
  expect(JSON.stringify(kept)).not.toContain(token)
  expect((await slipway(['token', 'new', 'ci', '--role', 'read'], home)).code).toBe(2)
})

it('requests over the limit get a Retry-After', async () => {
  const slow = await world.gateway({ requestsPerSecond: 5 })
  const statuses = await Promise.all(Array.from({ length: 40 }, () => slow.get('/v1/projects/toy/aliases')))
  const refused = statuses.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(10)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await slow.get('/healthz')).status).toBe(200)
})

it('tokens that are added, removed or damaged count without a restart, and a service never becomes open', async () => {
  const file = join(world.folder, 'live-tokens.json')
  const replace = (text: string) => {
    writeFileSync(`${file}.next`, text)
    renameSync(`${file}.next`, file)
  }
  const [first, second] = [newToken('first', ['read']), newToken('second', ['read'])]
  replace(JSON.stringify([first.token]))
  const reports: string[] = []
  const live = openTokens(file, (text) => void reports.push(text), 20)
  const here = await world.gateway({ tokens: live.tokens })
  const status = async (secret: string) =>
    (await here.get('/v1/projects/toy/aliases', { authorization: `Bearer ${secret}` })).status
  try {
    expect([await status(first.secret), await status(second.secret)]).toEqual([200, 401])
    replace(JSON.stringify([first.token, second.token]))
    await eventually('the second token', async () => (await status(second.secret)) === 200)
    replace(JSON.stringify([second.token]))
    await eventually('the first is revoked', async () => (await status(first.secret)) === 401)
    replace('[{')
    await eventually('a report', async () => reports.some((text) => text.includes('stay valid')))
    expect(await status(second.secret)).toBe(200)
    rmSync(file)
    await eventually('none is valid', async () => (await status(second.secret)) === 401)
    expect((await here.get('/v1/projects/toy/aliases')).status).toBe(401)
    expect(reports.at(-1)).toContain('every token is refused')
  } finally {
    live.stop()
  }
})

it('a service that had no token requires one from the first that is added', async () => {
  const file = join(world.folder, 'later-tokens.json')
  const live = openTokens(file, () => {}, 20)
  const here = await world.gateway({ tokens: live.tokens })
  try {
    expect((await here.get('/v1/projects/toy/aliases')).status).toBe(200)
    writeFileSync(file, JSON.stringify([newToken('first', ['read']).token]))
    await eventually('it is closed', async () => (await here.get('/v1/projects/toy/aliases')).status === 401)
  } finally {
    live.stop()
  }
})

it('a token file keeps its mode when a token is added: the account of a container may read it as before', async () => {
  const file = join(world.folder, 'shared-tokens.json')
  writeFileSync(file, '[]')
  chmodSync(file, 0o644)
  const home = { SLIPWAY_HOME: join(world.folder, 'token-home'), SLIPWAY_TOKENS: file }
  expect(await slipway(['token', 'new', 'ci', '--role', 'read'], home)).toMatchObject({ code: 0 })
  expect(statSync(file).mode & 0o777).toBe(0o644)
})

it('metrics show open releases by stage and by what they wait for, read from the registry in the background', async () => {
  const open = await world.registry.runs.open()
  expect(open.length).toBeGreaterThan(0)
  const here = await world.gateway()
  const shown = await eventually('the gauge', async () => {
    const text = await (await fetch(`${here.url}/metrics`)).text()
    const all = [...text.matchAll(/^slipway_open_releases\{project="toy",stage="[a-z_]+"\} (\d+)$/gm)]
    const waiting = [...text.matchAll(/^slipway_releases_waiting\{project="toy",waits_for="[a-z]+"\} (\d+)$/gm)]
    const count = (found: RegExpExecArray[]) => found.reduce((sum, [, one]) => sum + Number(one), 0)
    return all.length > 0 && { open: count(all), waiting: count(waiting), text }
  })
  expect(shown).toMatchObject({ open: open.length, waiting: open.length })
  expect(shown.text).toMatch(/^slipway_release_waiting_seconds\{project="toy",waits_for="[a-z]+"\} \d/m)
})
