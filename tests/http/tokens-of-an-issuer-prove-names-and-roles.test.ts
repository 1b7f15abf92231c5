/** Bearer tokens of a real OpenID provider: who may do what, and what is not a token of it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBearerVerifier } from '../../http/identity/bearer.js'
import { type IdentitySettings, readIdentitySettings } from '../../http/identity/settings.js'
import { newToken } from '../../http/index.js'
import { createProver } from '../../releases/identity/prover.js'
import { type Gateway, openWorld, type World } from '../serving/support.js'
import { AUDIENCE, type Issuer, startIssuer } from '../support/issuer.js'
import { slipway } from '../support/slipway.js'

const ROLES: IdentitySettings['roles'] = [
  { group: 'operators', roles: ['operate'] },
  { group: 'reviewers', roles: ['read', 'approve'] },
  { group: 'toy-operators', roles: ['operate'], projects: ['toy'] },
]
const machine = newToken('machine', ['read'])

let world: World
let issuer: Issuer
let settings: IdentitySettings
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  issuer = await startIssuer()
  settings = { issuer: issuer.url, audience: AUDIENCE, nameClaim: 'sub', groupsClaim: 'groups', roles: ROLES }
  const verifyBearer = createBearerVerifier(settings, { cooldownMs: 0 })
  const prover = createProver('a secret that has at least 32 characters')
  gateway = await world.gateway({ verifyBearer, prover, tokens: [machine.token] })
})
afterAll(async () => {
  await world?.stop()
  await issuer?.stop()
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const as = async (name: string) => bearer(await issuer.token(name))
const aliases = '/v1/projects/toy/aliases'
const action = '/v1/projects/toy/releases/none/actions'
/** The service has no Temporal server, which alone knows whether there is such a release. */
const ALLOWED = 503
const because = { action: 'pause', reason: 'storm' }

it('groups have the roles of the mapping, also for single projects; a token of the file is as good as before', async () => {
  const read = async (headers: Record<string, string>) => (await gateway.get(aliases, headers)).status
  expect(await read({})).toBe(401)
  expect(await read(bearer(machine.secret))).toBe(200)
  for (const name of ['ana', 'bo', 'cy']) expect([name, await read(await as(name))]).toEqual([name, 200])
  const none = await gateway.get(aliases, await as('dan'))
  expect(none).toMatchObject({ status: 403, body: { detail: expect.stringContaining('dan is in no group') as string } })
  expect((await gateway.post(action, because, await as('ana'))).status).toBe(ALLOWED)
  expect((await gateway.post(action, because, await as('cy'))).status).toBe(ALLOWED)
  expect((await gateway.post(action, because, await as('bo'))).status).toBe(403)
  expect((await gateway.post(action, { ...because, action: 'approve' }, await as('bo'))).status).toBe(ALLOWED)
  // What belongs to no project, and another project, need a role for it.
  expect((await gateway.get('/metrics', await as('cy'))).status).toBe(403)
  expect((await gateway.get('/v1/releases/toy_v1', await as('cy'))).status).toBe(403)
  expect((await gateway.get('/v1/projects/other/aliases', await as('cy'))).status).toBe(403)
  expect((await gateway.get('/v1/projects/other/aliases', await as('ana'))).status).toBe(404)
})

it('a person cannot act under another name', async () => {
  const other = await gateway.post(action, { ...because, by: 'bo' }, await as('ana'))
  expect(other).toMatchObject({ status: 400, body: { detail: expect.stringContaining('it is ana') as string } })
  expect((await gateway.post(action, { ...because, by: 'ana' }, await as('ana'))).status).toBe(ALLOWED)
})

describe('401:', () => {
  const now = () => Math.floor(Date.now() / 1_000)
  const claims = () => ({ iss: issuer.url, aud: AUDIENCE, sub: 'ana', groups: ['operators'], exp: now() + 60 })

  it.each<[string, () => Promise<string>, string]>([
    ['a token for another audience', () => issuer.token('ana', 'urn:other'), 'aud'],
    ['a token without a signature', async () => new UnsecuredJWT(claims()).encode(), 'token is unknown'],
    [
      'a token signed by another key with the name of a known one',
      async () => {
        const { privateKey } = await generateKeyPair('RS256')
        const header = JSON.parse(Buffer.from((await issuer.token('ana')).split('.')[0] ?? '', 'base64url').toString())
        return await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey)
      },
      'signature',
    ],
    [
      'a token signed with a public key as a shared secret',
      async () => {
        const { publicKey } = await generateKeyPair('RS256', { extractable: true })
        const secret = new TextEncoder().encode(await exportSPKI(publicKey))
        return await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(secret)
      },
      'alg',
    ],
    ['no token at all', async () => 'a.b.c', 'refused'],
  ])('%s', async (_what, make, says) => {
    const found = await gateway.get(aliases, bearer(await make()))
    expect(found).toMatchObject({ status: 401, body: { detail: expect.stringContaining(says) as string } })
  })
})

it('a new key of the issuer is accepted at once, and the old one no longer', async () => {
  const before = await issuer.token('ana')
  expect((await gateway.get(aliases, bearer(before))).status).toBe(200)
  await issuer.rotateKeys()
  expect((await gateway.get(aliases, await as('ana'))).status).toBe(200)
  expect((await gateway.get(aliases, bearer(before))).status).toBe(401)
})

it('while the issuer is away, known keys still verify; an unknown one is 503, and tokens of the file work', async () => {
  const known = await issuer.token('ana')
  const other = createBearerVerifier(settings)
  expect((await gateway.get(aliases, bearer(known))).status).toBe(200)
  await issuer.stop()
  try {
    const { privateKey } = await generateKeyPair('RS256')
    const unknown = await new SignJWT({ sub: 'ana' }).setProtectedHeader({ alg: 'RS256', kid: 'new' }).sign(privateKey)
    const found = await gateway.get(aliases, bearer(unknown))
    expect(found).toMatchObject({ status: 503, body: { detail: expect.stringContaining(issuer.url) as string } })
    expect((await gateway.get(aliases, bearer(known))).status).toBe(200)
    expect((await gateway.get(aliases, bearer(machine.secret))).status).toBe(200)
    await expect(other(known)).rejects.toThrow('cannot be asked for its keys')
  } finally {
    await issuer.start()
  }
  // It had never reached the issuer before.
  expect(await other(known)).toMatchObject({ name: 'ana' })
})

describe('refused at start:', () => {
  const file = (value: unknown) => {
    const path = join(world.folder, 'identity.json')
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
    return path
  }
  const good = { issuer: 'https://login.example.org', audience: 'slipway', roles: ROLES }

  it.each<[string, unknown, string]>([
    ['a file that is not JSON', '{', 'is not JSON'],
    ['an issuer without TLS on another machine', { ...good, issuer: 'http://login.example.org' }, 'issuer'],
    ['an unknown role', { ...good, roles: [{ group: 'a', roles: ['admin'] }] }, 'roles.0.roles.0'],
    ['no roles', { ...good, roles: [] }, 'roles'],
    ['an unknown field', { ...good, secret: 'x' }, 'known: issuer, audience'],
  ])('%s', (_what, value, says) => {
    expect(() => readIdentitySettings(file(value))).toThrow(says)
  })

  it('identity without the secret that workers verify names with, or with a short one', async () => {
    const environment = { SLIPWAY_HOME: join(world.folder, 'none'), SLIPWAY_IDENTITY: file(good) }
    const without = await slipway(['serve'], environment)
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('SLIPWAY_IDENTITY_SECRET')])
    const short = await slipway(['serve'], { ...environment, SLIPWAY_IDENTITY_SECRET: 'short' })
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('at least 32 characters')])
  })
})
