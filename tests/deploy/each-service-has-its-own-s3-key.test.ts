/** The job `bucket` of docker-compose.yml against the S3 server that the file starts, and what each key may do then. */
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ACCOUNTS } from '../../deploy/s3-accounts.js'
import { run } from '../../embedded/run-command.js'
import { composeFile, composeText, environmentOf, ROOT, variablesOf } from '../support/compose-file.js'
import { RUN_SOURCE } from '../support/run-source.js'
import { type S3Server, s3Server } from '../support/s3-server.js'

const OWNER = { access: 'owner', secret: 'secret-of-the-owner' }
const secrets = Object.fromEntries(variablesOf(composeText()).map((name) => [name, '']))
for (const name of Object.keys(secrets)) if (/PASSWORD|SECRET_KEY$/.test(name)) secrets[name] = `secret-${name}`
const { services } = composeFile({ ...secrets, S3_ACCESS_KEY: OWNER.access, S3_SECRET_KEY: OWNER.secret })

let server: S3Server
beforeAll(async () => {
  server = await s3Server(OWNER)
  await job()
})
afterAll(() => server?.stop())

/** @param changes of the environment */
async function job(changes: Record<string, string> = {}): Promise<void> {
  const address = { AWS_ENDPOINT_URL_S3: server.environment.AWS_ENDPOINT_URL_S3 ?? '' }
  const env = { PATH: process.env.PATH, ...environmentOf(services.bucket), ...address, ...changes }
  const ran = await run(process.execPath, [RUN_SOURCE, 'deploy/bucket.ts'], { cwd: ROOT, env, timeoutMs: 120_000 })
  if (!ran.ok) throw new Error(ran.output)
}

const ARTIFACT = 'artifacts/sha256/ab/abcd'
const HEADS = 'artifacts/heads/2026-11-30.json'

/** With the key that a service has in the compose file. */
function as(name: string, changes: Record<string, string> = {}) {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = { ...environmentOf(services[name]), ...changes }
  const key = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }
  const client = new AwsClient({ ...key, service: 's3', region: 'us-east-1', retries: 0 })
  return async (method: string, path: string, body?: string) => {
    const url = `${server.environment.AWS_ENDPOINT_URL_S3}/slipway${path === '' ? '' : `/${path}`}`
    const answer = await client.fetch(url, { method, ...(body === undefined ? {} : { body }) })
    await answer.arrayBuffer()
    return answer.status
  }
}

/** Status of each thing that one might do. */
async function rightsOf(name: string): Promise<Record<string, number>> {
  const ask = as(name)
  return {
    read: await ask('GET', ARTIFACT),
    missing: await ask('GET', 'artifacts/sha256/no/none'),
    write: await ask('PUT', 'artifacts/sha256/ab/new', 'x'),
    heads: await ask('PUT', HEADS, 'x'),
    elsewhere: await ask('PUT', 'elsewhere', 'x'),
    policy: await ask('PUT', '?policy', '{}'),
    bucket: await ask('PUT', '../another'),
    removeHeads: await ask('DELETE', HEADS),
    remove: await ask('DELETE', ARTIFACT),
  }
}

const REFUSED = { elsewhere: 403, policy: 403, bucket: 403, removeHeads: 403 }

it('each key may do what its service does, and nothing else', async () => {
  const found: Record<string, Record<string, number>> = {}
  for (const name of ['decisions-a', 'worker', 'notify', 'migrate']) {
    expect(await as('worker')('PUT', ARTIFACT, 'bytes')).toBe(200)
    found[name] = await rightsOf(name)
  }
  const reads = { read: 200, missing: 404, ...REFUSED }
  expect(found).toEqual({
    'decisions-a': { ...reads, write: 200, heads: 403, remove: 403 },
    worker: { ...reads, write: 200, heads: 200, remove: 403 },
    notify: { ...reads, write: 403, heads: 403, remove: 403 },
    migrate: { ...reads, write: 403, heads: 403, remove: 204 },
  })
})

it('the key of the owner is in the S3 server and in the job that makes the accounts, and nowhere else', () => {
  const holds = (value: string) =>
    Object.entries(services)
      .filter(([, service]) => Object.values(environmentOf(service)).includes(value))
      .map(([name]) => name)
      .sort()
  expect(holds(OWNER.secret)).toEqual(['artifacts', 'bucket'])
  const made = Object.values(ACCOUNTS).map(({ secret }) => secrets[secret] ?? '')
  expect(made.map((secret) => holds(secret).filter((name) => name !== 'bucket'))).toEqual([
    ['decisions-a', 'decisions-b'],
    ['baselines', 'cli', ...Object.keys(services).filter((name) => name.startsWith('worker'))].sort(),
    ['current-build', 'notify'],
    ['migrate'],
  ])
})

it('the job sets a new secret when it runs again, and the old one is refused', async () => {
  await job({ S3_READER_SECRET_KEY: 'another-secret' })
  expect(await as('notify')('GET', ARTIFACT)).toBe(403)
  expect(await as('notify', { AWS_SECRET_ACCESS_KEY: 'another-secret' })('GET', 'artifacts/sha256/no/none')).toBe(404)
  await job()
  expect(await as('notify')('GET', 'artifacts/sha256/no/none')).toBe(404)
})
